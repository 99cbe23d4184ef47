/** The classes of OCSF that Keyhook uses, with the activities that it uses of them, as the published schema numbers them. */

const iam = { uid: 3, name: 'Identity & Access Management' } as const
const application = { uid: 6, name: 'Application Activity' } as const
const classes = {
  accountChange: {
    uid: 3001,
    name: 'Account Change',
    category: iam,
    activities: { Create: 1, Enable: 2, 'Password Change': 3, Disable: 5, Delete: 6, Other: 99 },
  },
  authentication: {
    uid: 3002,
    name: 'Authentication',
    category: iam,
    activities: { Logon: 1, Logoff: 2, Other: 99 },
  },
  entityManagement: {
    uid: 3004,
    name: 'Entity Management',
    category: iam,
    activities: {
      Create: 1,
      Read: 2,
      Update: 3,
      Delete: 4,
      Enable: 8,
      Disable: 9,
      Suspend: 12,
      Resume: 13,
      Other: 99,
    },
  },
  userAccess: {
    uid: 3005,
    name: 'User Access Management',
    category: iam,
    activities: { 'Assign Privileges': 1, 'Revoke Privileges': 2, Other: 99 },
  },
  apiActivity: {
    uid: 6003,
    name: 'API Activity',
    category: application,
    activities: { Create: 1, Read: 2, Update: 3, Delete: 4, Other: 99 },
  },
} as const

type ClassKey = keyof typeof classes

export const severities = { informational: 1, low: 2, medium: 3 } as const
export type Severity = keyof typeof severities

/** What an event type is in OCSF, the numbers worked out. */
export type OcsfKind = {
  readonly of: ClassKey
  readonly classUid: number
  readonly className: string
  readonly categoryUid: number
  readonly categoryName: string
  readonly activityId: number
  readonly activityName: string
  readonly typeUid: number
  /** Of the event when it succeeded; a failure is at least low. */
  readonly severity: Severity
}

export function kind<Key extends ClassKey>(
  of: Key,
  activity: keyof (typeof classes)[Key]['activities'] & string,
  severity: Severity = 'informational',
): OcsfKind {
  const { uid, name, category, activities } = classes[of]
  const activityId = (activities as Readonly<Record<string, number>>)[activity] ?? 99
  return {
    of,
    classUid: uid,
    className: name,
    categoryUid: category.uid,
    categoryName: category.name,
    activityId,
    activityName: activity,
    typeUid: uid * 100 + activityId,
    severity,
  }
}
