/** Row types of what SCIM clients send beyond the members of the directory. */
import type { Json } from './json-column.ts'

export type ScimTables = {
  scim_users: ScimUserTable
  scim_members: ScimMemberTable
}

export type ScimUserTable = {
  user_id: string
  /** Attributes of RFC 7643 that `users` has no column for, by their names there. */
  attributes: Json<ScimAttributes>
  display_name: string | null
  /** All addresses that the client knows, in lower case. */
  emails: string[]
  /** The manager as the client names them, while the directory has nobody of that name. */
  manager: string | null
}

type Part = { [name: string]: string | boolean }
type Value = string | boolean | Part | (string | boolean | Part)[]
export type ScimAttributes = { [name: string]: Value | ScimAttributes }

export type ScimMemberTable = {
  group_id: string
  user_id: string
  /** What the client calls this member. */
  display: string
}
