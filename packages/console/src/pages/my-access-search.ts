import { accessApi } from '../access-api.ts'
import { oneOf, text } from '../components/search-params.ts'

/** What one has, or what one had. */
export function myAccessSearch(raw: Record<string, unknown>) {
  return { show: oneOf(raw, 'show', ['ended']), cursor: text(raw, 'cursor') }
}

const mine = (status: string) => accessApi.grantList({ mine: 'true', status, limit: 200 })

/** Everything that has not ended, by status, because the API filters by one at a time. */
export const currentGrants = [mine('active'), mine('deprovisioning'), mine('awaiting_removal')] as const

export function endedGrants(cursor: string | undefined) {
  return accessApi.grantList({ mine: 'true', status: 'ended', limit: 50, cursor })
}
