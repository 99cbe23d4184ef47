/**
 * The table of webhook types: what each is for, when it runs and which answers count.
 * Every rule that differs between types is a column here, so that no other file switches on a type.
 */

export const webhookTypes = [
  'request_validation',
  'pre_approval',
  'provisioning',
  'deprovisioning',
  'siem',
] as const

/** One of the five webhook types, as written in the API and in the `keyhook-webhook-type` header. */
export type WebhookType = (typeof webhookTypes)[number]

/** What one webhook type is and how its answers count. */
export type WebhookTypeInfo = {
  /** `inline`: the workflow waits and the answer decides. `event`: a one-way notice, only reception counts. */
  readonly kind: 'inline' | 'event'
  /** Name for people. */
  readonly label: string
  /** When a webhook of this type runs, one sentence. */
  readonly runs: string
  /** What the receiver is sent, one sentence. */
  readonly isSent: string
  /** What the receiver must answer, one sentence. */
  readonly mustAnswer: string
  /** It gives or takes permissions, so that each may be a delivery of its own. */
  readonly perPermission: boolean
  /** HTTP 204 is a success that means `true`. */
  readonly noContentMeansTrue: boolean
  /** The word that an object in `response` may use instead of `success`; null where no decision is read. */
  readonly decisionWord: 'valid' | 'approved' | 'provisioned' | 'deprovisioned' | null
}

export const webhookTypeTable: Readonly<Record<WebhookType, WebhookTypeInfo>> = {
  request_validation: {
    kind: 'inline',
    label: 'Request validation',
    runs: 'When someone submits an access request, before anyone is asked to approve it.',
    isSent:
      'The app, the permissions, the target user, the access length and the answers to the intake fields.',
    mustAnswer: '2xx with JSON: response true lets the request go on, false refuses it with your message.',
    perPermission: false,
    noContentMeansTrue: false,
    decisionWord: 'valid',
  },
  pre_approval: {
    kind: 'inline',
    label: 'Pre-approval',
    runs: 'When a pre-approval rule of the app is evaluated, before approvers are asked.',
    isSent: 'The app, the permissions, the target user, the access length and the justification.',
    mustAnswer: '2xx with JSON: response true pre-approves, false leaves the request to its approvers.',
    perPermission: false,
    noContentMeansTrue: false,
    decisionWord: 'approved',
  },
  provisioning: {
    kind: 'inline',
    label: 'Provisioning',
    runs: 'When a request is approved and access is to be given.',
    isSent: 'The app, the permissions to give, the target user and the access length.',
    mustAnswer:
      '204, or 2xx with JSON: response true means access was given, false opens a task for the app admins.',
    perPermission: true,
    noContentMeansTrue: true,
    decisionWord: 'provisioned',
  },
  deprovisioning: {
    kind: 'inline',
    label: 'Deprovisioning',
    runs: 'When access ends: it expired, was revoked, was not kept in a review, was not used, or the person left.',
    isSent: 'The app, the permissions to remove, the target user, the grants and the reason.',
    mustAnswer:
      '204, or 2xx with JSON: response true means access was removed, false opens a task for the app admins.',
    perPermission: true,
    noContentMeansTrue: true,
    decisionWord: 'deprovisioned',
  },
  siem: {
    kind: 'event',
    label: 'SIEM',
    runs: 'For every event of the activity log.',
    isSent: 'The event: who did what to what, when and with what outcome.',
    mustAnswer: 'Any 2xx. The body is not read.',
    perPermission: false,
    noContentMeansTrue: false,
    decisionWord: null,
  },
}
