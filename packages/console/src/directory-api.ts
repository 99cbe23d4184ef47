import type { GroupRead } from '@keyhook/contract/api/group.ts'
import type { InvitationCreated } from '@keyhook/contract/api/invitation.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { ScimTokenCreated, ScimTokenRead } from '@keyhook/contract/api/scim-token.ts'
import type { UserDetail, UserRead } from '@keyhook/contract/api/user.ts'
import type { ImportReport } from '@keyhook/contract/api/user-import.ts'
import { base, post, read } from './api.ts'
import { patch, postCsv, put, remove } from './api-calls.ts'
import type { Search } from './http.ts'

const at = (noun: string, id: string, ...rest: string[]) =>
  ['', noun, ...[id, ...rest].map(encodeURIComponent)].join('/')

/** Users, groups, and what brings them here. */
export const directoryApi = {
  userList: (search: Search = {}) => read<Page<UserRead>>('/users', search),
  userView: (id: string) => read<UserDetail>(at('users', id)),
  groupList: (search: Search = {}) => read<Page<GroupRead>>('/groups', search),
  groupView: (id: string) => read<GroupRead>(at('groups', id)),
  memberList: (id: string, search: Search = {}) => read<Page<UserRead>>(at('groups', id, 'members'), search),
  scimTokenList: () => read<Page<ScimTokenRead>>('/scim-tokens', { limit: 200 }),
}

export const directoryActions = {
  userCreate: (user: object) => post<UserDetail>(`${base}/users`, user),
  userChange: (id: string, change: object, etag?: string | null) =>
    patch<UserDetail>(at('users', id), change, etag),
  userInvite: (id: string) => post<InvitationCreated>(base + at('users', id, 'invite'), {}),
  userImport: (file: Blob, dryRun: boolean) =>
    postCsv<ImportReport>('/users/import', file, { dry_run: dryRun ? 'true' : undefined }),

  groupCreate: (group: object) => post<GroupRead>(`${base}/groups`, group),
  groupChange: (id: string, change: object, etag?: string | null) =>
    patch<GroupRead>(at('groups', id), change, etag),
  groupDelete: (id: string) => remove(at('groups', id)),
  memberAdd: (id: string, userId: string) => put(at('groups', id, 'members', userId)),
  memberRemove: (id: string, userId: string) => remove(at('groups', id, 'members', userId)),

  scimTokenCreate: (name: string) => post<ScimTokenCreated>(`${base}/scim-tokens`, { name }),
  scimTokenRevoke: (id: string) => remove(at('scim-tokens', id)),
}
