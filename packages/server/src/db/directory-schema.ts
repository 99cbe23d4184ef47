/** Row types of the directory. Times are `Date`, bytes are `Uint8Array`. */

import type { OffboardingStatus } from '@keyhook/contract/access-words.ts'
import type { DirectorySource, UserRole, UserStatus } from '@keyhook/contract/directory-words.ts'
import type { Generated } from 'kysely'
import type { Json } from './json-column.ts'

export type DirectoryTables = {
  users: UserTable
  groups: GroupTable
  group_members: { group_id: string; user_id: string }
  scim_tokens: ScimTokenTable
  invitations: InvitationTable
  offboardings: OffboardingTable
}

export type UserTable = {
  id: string
  user_name: string
  email: string
  /** Another user was there first with this address: nobody is found by it, or signs in with it. */
  email_shared: Generated<boolean>
  given_name: string
  family_name: string
  title: string | null
  department: string | null
  manager_id: string | null
  status: UserStatus
  /** What the user may do: `admin` everything, `person` what is theirs; app admins are named by their apps. */
  role: UserRole
  source: DirectorySource
  /** The id at the SCIM client. */
  external_id: string | null
  version: Generated<number>
  created_at: Date
  updated_at: Date
  deactivated_at: Date | null
  /** When a SCIM client deleted the user: such users are inactive, and their names are free for others. */
  deleted_at: Date | null
}

export type GroupTable = {
  id: string
  name: string
  description: string | null
  source: DirectorySource
  external_id: string | null
  version: Generated<number>
  created_at: Date
  updated_at: Date
}

export type ScimTokenTable = {
  id: string
  name: string
  hint: string
  /** SHA-256 of the token. */
  hash: Uint8Array
  created_by: string | null
  created_at: Date
  last_used_at: Date | null
  revoked_at: Date | null
}

/** A one-time link with which a user of the directory chooses a password. */
export type InvitationTable = {
  /** SHA-256 of the token in the link. */
  hash: Uint8Array
  user_id: string
  created_by: string | null
  created_at: Date
  expires_at: Date
}

/** That somebody leaves: written when the user is deactivated, carried out and finished by `offboarding`. */
export type OffboardingTable = {
  id: string
  user_id: string
  status: OffboardingStatus
  reason: 'deactivated'
  /** Who deactivated the user, as the activity log names actors. */
  started_by: Json<StartedBy>
  started_at: Date
  finished_at: Date | null
}

export type StartedBy =
  | { type: 'USER'; id: string; email: string; given_name: string; family_name: string }
  | { type: 'API_KEY' | 'SCIM'; id: string; name: string }
  | { type: 'SYSTEM' }
