import type { EndReason } from '@keyhook/contract/access-words.ts'
import type { MoveOptions, Moves } from './request-moves.ts'
import type { GrantRow, RequestRow } from './request-store.ts'

export type Removal = {
  requestId: string
  permissionIds: readonly string[]
  reason: EndReason
  /** Only grants that are over at this moment (epoch milliseconds): one may have been made longer meanwhile. */
  overAt?: number
}

/** Starts the deprovisioning of grants, whatever they end for; those that end already are left alone. */
export function removeGrants(
  moves: Moves,
  { requestId, permissionIds, reason, overAt }: Removal,
  options: MoveOptions = {},
): Promise<RequestRow> {
  return moves.move(
    requestId,
    ({ state }, grants) => {
      const over = (permissionId: string) =>
        overAt === undefined ||
        grants.some((grant) => grant.permission_id === permissionId && isOver(grant, overAt))
      const active = state.items.filter(
        ({ phase, permissionId }) =>
          phase === 'granted' && permissionIds.includes(permissionId) && over(permissionId),
      )
      if (active.length === 0) return null
      return { type: 'removal_started', permissionIds: active.map((item) => item.permissionId), reason }
    },
    options,
  )
}

function isOver({ expires_at }: GrantRow, at: number): boolean {
  return expires_at !== null && expires_at.getTime() <= at
}
