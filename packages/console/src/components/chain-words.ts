/** What the picture of an app's chain says, as others need it. Pure. */
import type { ChainRead } from '@keyhook/contract/api/chain.ts'

/** Names of the webhooks of an app by their ids. App admins have them from here: the list of all is for administrators. */
export function webhookNames(chain: ChainRead): ReadonlyMap<string, string> {
  const webhooks = chain.steps.flatMap(({ parts }) => parts.flatMap((part) => part.webhooks))
  return new Map(webhooks.map(({ id, name }) => [id, name]))
}
