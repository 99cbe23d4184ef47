/** The closed lists of the directory, free of schemas so that the console can use them alone. */

export const userStatuses = ['active', 'inactive'] as const
export type UserStatus = (typeof userStatuses)[number]

export const userStatusLabels: Record<UserStatus, string> = { active: 'Active', inactive: 'Deactivated' }

export const userRoles = ['admin', 'person'] as const
export type UserRole = (typeof userRoles)[number]

export const userRoleLabels: Record<UserRole, string> = { admin: 'Administrator', person: 'Person' }

/** Where users and groups come from. */
export const directorySources = ['manual', 'csv', 'scim'] as const
export type DirectorySource = (typeof directorySources)[number]

export const directorySourceLabels: Record<DirectorySource, string> = {
  manual: 'By hand',
  csv: 'CSV file',
  scim: 'SCIM',
}

/** Columns that an import of users knows; only the first one must be there. */
export const importColumns = [
  'email',
  'user_name',
  'given_name',
  'family_name',
  'title',
  'department',
  'manager_email',
  'status',
  'groups',
] as const
export type ImportColumn = (typeof importColumns)[number]

/** So many rows an import may have. */
export const maxImportRows = 200_000
/** And so many bytes. */
export const maxImportBytes = 32 * 1_048_576
