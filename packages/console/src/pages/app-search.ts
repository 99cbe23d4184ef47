import { appApi } from '../app-api.ts'
import { oneOf, text } from '../components/search-params.ts'

/** What the address of the Apps page may say. */
export function appsSearch(raw: Record<string, unknown>) {
  return {
    q: text(raw, 'q'),
    archived: oneOf(raw, 'archived', ['true']),
    cursor: text(raw, 'cursor'),
  }
}

export function appListOf(search: ReturnType<typeof appsSearch>) {
  return appApi.appList({ ...search, limit: 50 })
}

export const appTabs = ['overview', 'permissions', 'rules', 'intake', 'settings'] as const
export type AppTab = (typeof appTabs)[number]

/** What the address of an app's page may say. */
export function appTabSearch(raw: Record<string, unknown>) {
  return { tab: oneOf(raw, 'tab', appTabs) }
}
