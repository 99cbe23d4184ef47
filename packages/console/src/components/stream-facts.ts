/** How events are sent to a SIEM webhook, in words. Pure. */
import type { StreamSettings } from '@keyhook/contract/api/stream.ts'
import { describeDuration } from '@keyhook/contract/retry-policy.ts'
import { spanWords } from './stream-words.ts'

const formats: Readonly<Record<StreamSettings['format'], string>> = {
  lumos: 'As Lumos sends',
  ndjson: 'NDJSON',
  cloudevents: 'CloudEvents 1.0',
  ocsf: 'OCSF',
  splunk_hec: 'Splunk HTTP Event Collector',
  datadog: 'Datadog logs',
  sentinel: 'Microsoft Sentinel',
}

export function streamFacts(stream: StreamSettings): (readonly [name: string, value: string])[] {
  const { batch_events, batch_wait_ms, batch_bytes, gzip } = stream
  const batches =
    batch_events === 1
      ? 'One event in a POST'
      : `Up to ${batch_events.toLocaleString('en')} events and ${batch_bytes.toLocaleString('en')} bytes in a POST, after at most ${describeDuration(batch_wait_ms)}`
  return [
    ['Format', formats[stream.format]],
    ['Batches', gzip ? `${batches}, compressed` : batches],
    ['Events', stream.event_types?.join(', ') ?? 'All'],
    ['Order', stream.strict_order ? 'Strict: one POST after the other' : 'Within a window'],
    [
      'Alert',
      stream.lag_alert_seconds === null ? 'None' : `When it is ${spanWords(stream.lag_alert_seconds)} behind`,
    ],
    ['Heartbeat', stream.heartbeat ? 'Once a day' : 'None'],
  ]
}
