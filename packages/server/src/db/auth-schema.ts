/** Row types of better-auth's tables: what Keyhook itself reads or writes. */

export type AuthTables = {
  auth_users: AuthUserTable
  auth_sessions: { id: string; user_id: string }
  auth_accounts: AuthAccountTable
}

/** A user of the directory who can sign in; has the same id. */
export type AuthUserTable = {
  id: string
  name: string
  /** In lower case. */
  email: string
  email_verified: boolean
  created_at: Date
  updated_at: Date
}

export type AuthAccountTable = {
  id: string
  user_id: string
  account_id: string
  provider_id: string
  /** The hash of the password. */
  password: string | null
  created_at: Date
  updated_at: Date
}
