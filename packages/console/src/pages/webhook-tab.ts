import { type StatsWindow, statsWindows } from '@keyhook/contract/stats-window.ts'
import { oneOf } from '../components/search-params.ts'

export const webhookTabs = ['overview', 'deliveries', 'settings', 'code'] as const
export type WebhookTab = (typeof webhookTabs)[number]

const windows = Object.keys(statsWindows) as StatsWindow[]

/** What the address of a webhook's page may say. */
export function webhookTabSearch(raw: Record<string, unknown>) {
  return { tab: oneOf(raw, 'tab', webhookTabs), window: oneOf(raw, 'window', windows) }
}
