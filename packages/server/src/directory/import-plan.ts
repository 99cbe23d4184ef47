/** What an import would change: compares its rows with the directory. Reads only. */
import type { ImportError } from '@keyhook/contract/api/user-import.ts'
import type { ImportColumn } from '@keyhook/contract/directory-words.ts'
import type { Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { newId } from '../lib/ids.ts'
import { administratorsWhoSignIn } from './administrators-left.ts'
import { ownersOfUserNames, usersByEmail } from './import-lookup.ts'
import { findCircles } from './import-managers.ts'
import { type MembershipPlan, planMemberships } from './import-memberships.ts'
import type { ImportRow } from './import-row.ts'
import { isSelf, type UserRow } from './user.ts'

export type ImportPlan = MembershipPlan & {
  created: UserRow[]
  /** `members`: what differs, without the status. */
  changed: { before: UserRow; after: UserRow; members: string[] }[]
  errors: ImportError[]
}

/** A row with the user that it is about. */
export type PlannedRow = { row: ImportRow; before: UserRow | null; after: UserRow }

type Tell = (row: ImportRow, column: ImportColumn, detail: string) => void

/** Rows whose addresses are there once, and all addresses of the file in lower case, those of wrong rows too. */
export type ImportedFile = { rows: readonly ImportRow[]; addresses: ReadonlySet<string> }

/** To be called with the directory locked. What it says of a row that is wrong is an error, and nothing else. */
export async function planImport(
  tx: Transaction<Tables>,
  now: number,
  { rows, addresses }: ImportedFile,
  actor: Actor,
): Promise<ImportPlan> {
  const errors: ImportError[] = []
  const tell: Tell = ({ row }, column, detail) => void errors.push({ row, column, detail })
  const known = await usersByEmail(
    tx,
    rows.map(({ email }) => email),
  )
  const planned = rows.map((row): PlannedRow => {
    const before = known.get(row.email.toLowerCase()) ?? null
    return { row, before, after: before ? { ...before } : newUser(row, now) }
  })
  for (const { row, before, after } of planned) {
    const { user_name, given_name, family_name, title, department, status } = row
    for (const [name, value] of Object.entries({
      user_name,
      given_name,
      family_name,
      title,
      department,
      status,
    }))
      if (value !== undefined) Object.assign(after, { [name]: value })
    if (status !== undefined && status !== before?.status)
      after.deactivated_at = status === 'inactive' ? new Date(now) : null
  }
  await setManagers(tx, planned, addresses, tell)
  await requireUserNames(tx, planned, tell)
  await requireAdministrators(tx, planned, actor, tell)
  const memberships = await planMemberships(tx, now, planned, tell)
  const wrong = new Set(errors.map(({ row }) => row))
  const right = planned.filter(({ row }) => !wrong.has(row.row))
  const ids = new Set(right.map(({ after }) => after.id))
  return {
    created: right.flatMap(({ before, after }) => (before ? [] : after)),
    changed: right.flatMap(({ before, after }) => {
      if (!before) return []
      const members = changeable.filter((name) => before[name] !== after[name])
      return members.length > 0 || before.status !== after.status ? { before, after, members } : []
    }),
    newGroups: memberships.newGroups,
    added: memberships.added.filter(({ userId }) => ids.has(userId)),
    removed: memberships.removed.filter(({ userId }) => ids.has(userId)),
    errors,
  }
}

const changeable = ['user_name', 'given_name', 'family_name', 'title', 'department', 'manager_id'] as const

function newUser(row: ImportRow, now: number): UserRow {
  const at = new Date(now)
  return {
    id: newId('usr', now),
    user_name: row.user_name ?? row.email,
    email: row.email,
    email_shared: false,
    given_name: '',
    family_name: '',
    title: null,
    department: null,
    manager_id: null,
    status: 'active',
    role: 'person',
    source: 'csv',
    external_id: null,
    version: 1,
    created_at: at,
    updated_at: at,
    deactivated_at: null,
    deleted_at: null,
  }
}

/** Managers may be anywhere in the file, or in the directory. */
async function setManagers(
  tx: Transaction<Tables>,
  planned: readonly PlannedRow[],
  addresses: ReadonlySet<string>,
  tell: Tell,
) {
  const ids = new Map(planned.map(({ row, after }) => [row.email.toLowerCase(), after.id]))
  const elsewhere = planned.flatMap(({ row: { managerEmail } }) =>
    managerEmail && !ids.has(managerEmail.toLowerCase()) ? managerEmail : [],
  )
  for (const [email, { id }] of await usersByEmail(tx, elsewhere)) ids.set(email, id)
  const stated = new Map<string, string | null>()
  for (const { row, after } of planned) {
    if (row.managerEmail === undefined) continue
    const id = row.managerEmail === null ? null : ids.get(row.managerEmail.toLowerCase())
    if (id === undefined) {
      // A manager whose own row is wrong is told there.
      if (row.managerEmail !== null && addresses.has(row.managerEmail.toLowerCase())) continue
      tell(row, 'manager_email', 'Nobody has this address, neither in the file nor in the directory.')
    } else if (id === after.id) tell(row, 'manager_email', 'Nobody is their own manager.')
    else {
      after.manager_id = id
      stated.set(after.id, id)
    }
  }
  const circles = await findCircles(tx, stated)
  for (const { row, after } of planned)
    if (circles.has(after.id) && row.managerEmail)
      tell(row, 'manager_email', 'This user would be above themself: the managers form a circle.')
}

/** User names are there once, in the file and in the directory; addresses are what users are found by. */
async function requireUserNames(tx: Transaction<Tables>, planned: readonly PlannedRow[], tell: Tell) {
  const wanted = planned.filter(({ before, after }) => before?.user_name !== after.user_name)
  const owners = await ownersOfUserNames(
    tx,
    wanted.map(({ after }) => after.user_name),
  )
  const inFile = new Map<string, ImportRow>()
  for (const { row, after } of wanted) {
    const name = after.user_name.toLowerCase()
    const owner = owners.get(name)
    const twin = inFile.get(name)
    if (owner !== undefined && owner !== after.id)
      tell(row, 'user_name', `The user name ${after.user_name} belongs to another user (${owner}).`)
    else if (twin) tell(row, 'user_name', `Row ${twin.row} has this user name already.`)
    inFile.set(name, row)
  }
}

/** As for a change by hand: nobody deactivates themself, and somebody must stay administrator. */
async function requireAdministrators(
  tx: Transaction<Tables>,
  planned: readonly PlannedRow[],
  actor: Actor,
  tell: Tell,
) {
  const leaving = planned.filter(
    ({ before, after }) => before?.status === 'active' && after.status === 'inactive',
  )
  const leavers = new Set(leaving.map(({ after }) => after.id))
  const able = leaving.some(({ after }) => after.role === 'admin') ? await administratorsWhoSignIn(tx) : []
  const nobodyLeft = able.length > 0 && able.every((id) => leavers.has(id))
  for (const { row, after } of leaving) {
    if (isSelf(actor, after.id))
      tell(row, 'status', 'This is you: another administrator has to deactivate you.')
    else if (nobodyLeft && able.includes(after.id))
      tell(row, 'status', 'Somebody must stay administrator: no other one who can sign in would be left.')
  }
}
