import { accessApi } from '../access-api.ts'
import { oneOf, text } from '../components/search-params.ts'

/** Approvals, work by hand, or reviews; left out: everything. */
export const inboxKinds = ['approvals', 'by_hand', 'reviews'] as const

export function inboxSearch(raw: Record<string, unknown>) {
  return { kind: oneOf(raw, 'kind', inboxKinds), cursor: text(raw, 'cursor') }
}

export type InboxSearch = ReturnType<typeof inboxSearch>

/** Work by hand is of two kinds, which the API tells apart; so the list of it is made of two. */
export function inboxLists({ kind, cursor }: InboxSearch) {
  const page = (limit: number, of?: string) => accessApi.taskList({ kind: of, cursor, limit })
  if (kind === 'reviews') return []
  if (kind === 'approvals') return [page(50, 'approval')]
  if (kind === 'by_hand') return [page(50, 'confirm_provisioning'), page(50, 'confirm_deprovisioning')]
  return [page(50)]
}
