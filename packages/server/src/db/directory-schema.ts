/** Row types of the directory. Times are `Date`, bytes are `Uint8Array`. */
import type { Generated } from 'kysely'

export type DirectoryTables = {
  users: UserTable
  groups: GroupTable
  group_members: { group_id: string; user_id: string }
  scim_tokens: ScimTokenTable
  invitations: InvitationTable
}

/** Where a user or group comes from: made by hand, by a CSV file or by SCIM. */
export type DirectorySource = 'manual' | 'csv' | 'scim'

export type UserTable = {
  id: string
  user_name: string
  email: string
  given_name: string
  family_name: string
  title: string | null
  department: string | null
  manager_id: string | null
  status: 'active' | 'inactive'
  /** What the user may do: `admin` everything, `person` what is theirs; app admins are named by their apps. */
  role: 'admin' | 'person'
  source: DirectorySource
  /** The id at the SCIM client. */
  external_id: string | null
  version: Generated<number>
  created_at: Date
  updated_at: Date
  deactivated_at: Date | null
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
