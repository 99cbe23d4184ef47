import type { EndReason } from '@keyhook/contract/access-words.ts'
import type { MoveOptions, Moves } from './request-moves.ts'
import type { RequestRow } from './request-store.ts'

export type Removal = { requestId: string; permissionIds: readonly string[]; reason: EndReason }

/** Starts the deprovisioning of grants, whatever they end for; those that end already are left alone. */
export function removeGrants(
  moves: Moves,
  { requestId, permissionIds, reason }: Removal,
  options: MoveOptions = {},
): Promise<RequestRow> {
  return moves.move(
    requestId,
    ({ state }) => {
      const active = state.items.filter(
        (item) => item.phase === 'granted' && permissionIds.includes(item.permissionId),
      )
      if (active.length === 0) return null
      return { type: 'removal_started', permissionIds: active.map((item) => item.permissionId), reason }
    },
    options,
  )
}
