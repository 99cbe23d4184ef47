/** The test of a SIEM webhook: one event, in the format that the stream has. */

import type { SiemEntry } from '@keyhook/contract/siem/formats.ts'
import { siemPayload } from '@keyhook/contract/siem-payload.ts'
import type { Context } from '../context.ts'
import type { StoredEntries } from '../db/schema.ts'
import { newId } from '../lib/ids.ts'
import { validationFailed } from '../lib/problem-error.ts'
import { streamOf } from '../webhooks/stream-settings.ts'
import type { WebhookTarget } from '../webhooks/webhook.ts'
import { formatEntries } from './entries-payload.ts'

/**
 * In the published shape the payload is sent as it is; other formats are made of its `event`. Throws 422 when that is not
 * an event.
 */
export function siemTest(
  ctx: Context,
  { settings }: WebhookTarget,
  sent: Readonly<Record<string, unknown>>,
): { payload: Uint8Array; entries: StoredEntries } {
  const { format, gzip } = streamOf(settings)
  const stored = (content_type: string): StoredEntries => ({ format, content_type, gzip, runs: [], count: 1 })
  if (format === 'lumos')
    return { payload: Buffer.from(JSON.stringify(sent)), entries: stored('application/json') }
  const read = siemPayload.safeParse(sent)
  if (!read.success)
    throw validationFailed(
      read.error.issues.map(({ path, message }) => ({
        pointer: `/payload/${path.join('/')}`,
        detail: message,
      })),
    )
  const { event } = read.data
  const entry: SiemEntry = {
    id: newId('evt', ctx.clock()),
    position: 0,
    logged_at: new Date(ctx.clock()).toISOString(),
    access_request_id: null,
    app_id: null,
    event: {
      ...event,
      outcome: event.outcome === 'FAILED' ? 'FAILED' : 'SUCCEEDED',
      event_metadata: { ...event.event_metadata, test: true },
    },
  }
  const { body, contentType } = formatEntries(ctx, format, [entry])
  return { payload: body, entries: stored(contentType) }
}
