import { userRoles, userStatuses } from '@keyhook/contract/directory-words.ts'
import { oneOf, text } from '../components/search-params.ts'
import { directoryApi } from '../directory-api.ts'

/** What the address of the Users page may say. */
export function usersSearch(raw: Record<string, unknown>) {
  return {
    q: text(raw, 'q'),
    status: oneOf(raw, 'status', userStatuses),
    role: oneOf(raw, 'role', userRoles),
    cursor: text(raw, 'cursor'),
  }
}

export function userListOf(search: ReturnType<typeof usersSearch>) {
  return directoryApi.userList({ ...search, limit: 50 })
}

/** What the address of the Groups page may say. */
export function groupsSearch(raw: Record<string, unknown>) {
  return { q: text(raw, 'q'), cursor: text(raw, 'cursor') }
}

export function groupListOf(search: ReturnType<typeof groupsSearch>) {
  return directoryApi.groupList({ ...search, limit: 50 })
}

/** What the address of a group's page may say. */
export function groupSearch(raw: Record<string, unknown>) {
  return { cursor: text(raw, 'cursor') }
}

export function memberListOf(id: string, search: ReturnType<typeof groupSearch>) {
  return directoryApi.memberList(id, { ...search, limit: 50 })
}
