/** Fluent Bit as a sender: the lines of a file as records in POSTs, for comparison. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startFluentBit } from '../../test/support/fluent-bit.ts'
import { benchKey } from './child.ts'
import { countOf, untilCount } from './stream.ts'

/** `posts` and `events` are what the receiver had got when Fluent Bit had ended. */
export type Shipped = { readonly milliseconds: number; readonly posts: number; readonly events: number }

/** The entries of the log that streams of the bench are sent, as lines: what Fluent Bit ships is what Keyhook ships. */
export async function benchLines(server: string, count: number): Promise<string> {
  const answer = await fetch(`${server}/api/v1/events/export`, {
    headers: { authorization: `Bearer ${benchKey}` },
  })
  if (!answer.ok) throw new Error(`The export answered ${answer.status}: ${await answer.text()}`)
  const lines = (await answer.text()).split('\n').filter((line) => line.includes('CUSTOM_BENCH'))
  if (lines.length < count) throw new Error(`The log has ${lines.length} of ${count} events`)
  return `${lines.slice(0, count).join('\n')}\n`
}

/**
 * Ships all `lines` to `receiver`, timed from the start of the program to the last event at the receiver. Flushed ten times a
 * second and with two workers: as it comes, it would wait up to five seconds.
 */
export async function shipByFluentBit(
  program: string,
  lines: string,
  count: number,
  receiver: string,
): Promise<Shipped> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyhook-bench-fluent-bit-'))
  const [config, parsers, input] = ['fluent-bit.conf', 'parsers.conf', 'events.ndjson'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string]
  await writeFile(input, lines)
  await writeFile(parsers, '[PARSER]\n    Name json\n    Format json\n')
  await writeFile(config, configOf({ parsers, input, receiver: new URL(receiver) }))
  const before = await countOf(receiver)
  const startedAt = performance.now()
  const fluentBit = startFluentBit(program, config)
  try {
    const ended = fluentBit.ended.then(() => {
      throw new Error(`Fluent Bit ended: ${fluentBit.output()}`)
    })
    await Promise.race([untilCount(receiver, before.events + count), ended])
    const milliseconds = performance.now() - startedAt
    await fluentBit.stop()
    const { posts, events } = await countOf(receiver)
    return { milliseconds, posts: posts - before.posts, events: events - before.events }
  } finally {
    await fluentBit.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

type Config = { readonly parsers: string; readonly input: string; readonly receiver: URL }

const configOf = ({ parsers, input, receiver }: Config) => `
[SERVICE]
    Flush              0.1
    Log_Level          warn
    Parsers_File       ${parsers}
[INPUT]
    Name               tail
    Path               ${input}
    Parser             json
    Read_from_head     true
    Buffer_Chunk_Size  256k
    Buffer_Max_Size    256k
[OUTPUT]
    Name               http
    Match              *
    Host               ${receiver.hostname}
    Port               ${receiver.port}
    URI                ${receiver.pathname}
    Format             json
    Workers            2
    Log_Response_Payload false
`
