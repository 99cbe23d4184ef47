/**
 * A real Fluent Bit as the receiver of streams. Whether all came, and came as it is in the log, is read from the files that it
 * wrote, and from nothing else.
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { EventRead } from '@keyhook/contract/api/event.ts'
import type { StreamRead } from '@keyhook/contract/api/stream.ts'
import { formatEvents, type SiemFormat } from '@keyhook/contract/siem/formats.ts'
import { expect, onTestFinished, test } from 'vitest'
import { version } from '../packages/server/src/lib/version.ts'
import { freePort } from '../packages/server/test/support/free-port.ts'
import { apiOf } from '../packages/server/test/support/harness.ts'
import { numbered } from '../packages/server/test/support/siem.ts'
import { findFluentBit, startFluentBit, withoutFluentBit } from './support/fluent-bit.ts'
import { bootstrapKey, dataFolder, migratedFolder, startServer } from './support/server-process.ts'

const program = findFluentBit()
if (program === null) console.log(`Not tested with a real Fluent Bit: ${withoutFluentBit}`)

const eventCount = 200
const key = { key: bootstrapKey }

/** How many events in one POST: where a body of several is more than one record or an array of them, only one. */
const formats: readonly { format: SiemFormat; batch: number }[] = [
  { format: 'lumos', batch: 1 },
  { format: 'splunk_hec', batch: 1 },
  { format: 'ocsf', batch: 1 },
  { format: 'datadog', batch: 1 },
  { format: 'ocsf', batch: 60 },
  { format: 'datadog', batch: 60 },
  { format: 'sentinel', batch: 60 },
]
/** Fluent Bit makes the path a tag and, of that, the name of a file. */
const tagOf = ({ format, batch }: { format: string; batch: number }) => `${format}_${batch}`

test.skipIf(program === null)(
  'Fluent Bit writes every event once, with all its members as they are in the log',
  async () => {
    const folder = await dataFolder()
    const port = await freePort()
    const config = path.join(folder, 'fluent-bit.conf')
    await writeFile(config, configOf(port, folder))
    const fluentBit = startFluentBit(program ?? '', config)
    onTestFinished(fluentBit.stop)
    await expect
      .poll(() => fluentBit.output(), { timeout: 20_000 })
      .toContain(`listening on 127.0.0.1:${port}`)

    const server = await startServer({ KEYHOOK_DATA_DIR: await migratedFolder() })
    const api = apiOf(server.url)
    const hooks = await Promise.all(
      formats.map(async (one) => {
        const answer = await api<{ id: string }>(
          'POST',
          '/webhooks',
          {
            type: 'siem',
            name: tagOf(one),
            endpoint_url: `http://127.0.0.1:${port}/${tagOf(one)}`,
            stream: {
              format: one.format,
              batch_events: one.batch,
              batch_wait_ms: 100,
              event_types: ['CUSTOM_*'],
            },
          },
          key,
        )
        expect(answer.status, answer.text).toBe(201)
        return answer.body.id
      }),
    )
    const events = Array.from({ length: eventCount }, (_, index) => awkward(index + 1))
    const appended = await api('POST', '/events/batch', { events }, key)
    expect(appended.status, appended.text).toBe(201)
    const entries = await customEntries(api)
    expect(entries).toHaveLength(eventCount)

    for (const [index, one] of formats.entries()) {
      const file = path.join(folder, tagOf(one))
      await expect
        .poll(async () => (await linesOf(file)).length, { timeout: 60_000, interval: 200 })
        .toBeGreaterThanOrEqual(eventCount)
      const stream = await api<StreamRead>('GET', `/webhooks/${hooks[index]}/stream`, undefined, key)
      expect(stream.body, tagOf(one)).toMatchObject({ lag_events: 0, set_aside: 0 })
    }
    await fluentBit.stop()
    const source = { baseUrl: server.url, version }
    for (const one of formats) {
      const found = (await linesOf(path.join(folder, tagOf(one)))).map((line) => JSON.parse(line))
      const expected = entries.map((entry) => alone(one.format, entry, source))
      // POSTs of one window are under way at the same time: the order of the file is not that of the log.
      expect(sorted(found), tagOf(one)).toEqual(sorted(expected))
    }
  },
)

type Api = ReturnType<typeof apiOf>
type Source = { baseUrl: string; version: string }

/** Everything that a receiver could lose or change on the way. */
function awkward(n: number) {
  return {
    ...numbered(n),
    event_metadata: {
      n,
      text: 'Ünïcødé 🔑 "quoted" \\ back/slash\nline\ttab \u2028 \u0001',
      largest: Number.MAX_SAFE_INTEGER,
      below_zero: -n,
      part: n + 0.125,
      yes: true,
      nothing: null,
      empty: { list: [], object: {}, text: '' },
      nested: [{ deep: [[n], ['x']] }],
    },
  }
}

async function customEntries(api: Api): Promise<EventRead[]> {
  const answer = await api('GET', '/events/export', undefined, key)
  expect(answer.status, answer.text).toBe(200)
  return linesIn(answer.text).map((line) => JSON.parse(line) as EventRead)
}

/** An entry in `format`, out of the array where it stands in one. */
function alone(format: SiemFormat, entry: EventRead, source: Source): unknown {
  const sent = JSON.parse(new TextDecoder().decode(formatEvents(format, [entry], source).body))
  return Array.isArray(sent) ? sent[0] : sent
}

const sorted = (records: readonly unknown[]) => [...records].sort((a, b) => numberOf(a) - numberOf(b))

/** The number of the event, wherever a format has it. */
function numberOf(record: unknown): number {
  return Number(/"below_zero":-(\d+)/.exec(JSON.stringify(record))?.[1])
}

/** Lines of the counted events: the log and every stream have checkpoints too. */
const linesIn = (text: string) => text.split('\n').filter((line) => line.includes('CUSTOM_COUNTED'))
const linesOf = async (file: string) => linesIn(await readFile(file, 'utf8').catch(() => ''))

const configOf = (port: number, folder: string) => `
[SERVICE]
    Flush      0.2
    Log_Level  info
[INPUT]
    Name       http
    Listen     127.0.0.1
    Port       ${port}
[OUTPUT]
    Name       file
    Match      *
    Path       ${folder}
    Format     plain
`
