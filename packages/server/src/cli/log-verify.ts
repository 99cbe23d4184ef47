/** `keyhook log verify`: checks the chain of the activity log and names the first entry that is wrong. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type LogCheckpoint, logCheckpoint } from '@keyhook/contract/api/event.ts'
import { z } from 'zod'
import { readLocalAdmin } from '../auth/local-admin.ts'
import { type Config, envToConfig, readEnv } from '../config.ts'
import { genesis } from '../events/event-chain.ts'
import { checkpointFile } from '../events/log.ts'
import { createLogVerifier, entryOf, type LogReport } from '../events/log-verifier.ts'
import { readOrMakeKeyFile } from '../lib/key-file.ts'
import { createSecretBox } from '../lib/secret-box.ts'
import { explainStartError } from './explain-start-error.ts'
import { entriesOfFile, type LogRange, type LogSource, logOfDatabase, logOfServer } from './log-sources.ts'
import { withDatabase } from './with-database.ts'

export const logVerifyUsage =
  'usage: keyhook log verify [--from N] [--to N] [--checkpoint FILE] [--file EXPORT --key FILE]'

type Wanted = LogRange & { checkpoint: string | null; file: string | null; key: string | null }

/** Prints what was checked. Returns 0 only when all of it holds, 1 when not, 2 when the arguments are off. */
export async function logVerify(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const wanted = parse(args)
  if (typeof wanted === 'string') {
    process.stderr.write(`${wanted}\n${logVerifyUsage}\n`)
    return 2
  }
  try {
    const config = envToConfig(readEnv(env))
    const report = await withSource(config, wanted, (source) => {
      process.stderr.write(`Checking ${source.name}.\n`)
      return verifyLog(source, wanted, wanted.checkpoint === null ? [] : readCheckpoints(wanted.checkpoint))
    })
    const { problem } = report
    if (problem === null) process.stdout.write(`${told(report)}\n`)
    else
      process.stderr.write(
        `Entry ${problem.position}${problem.id ? ` (${problem.id})` : ''} is wrong. ${problem.text}\n${told(report)}\n`,
      )
    return problem === null ? 0 : 1
  } catch (error) {
    process.stderr.write(`${explainStartError(error, env, 'The log could not be read')}\n`)
    return 1
  }
}

/** Checks what a source has, also against checkpoints that were kept outside of it. */
export async function verifyLog(
  source: LogSource,
  { from, to }: LogRange,
  outside: readonly LogCheckpoint[],
): Promise<LogReport> {
  const whole = from === null || from === (source.before?.position ?? genesis.position) + 1
  const verifier = createLogVerifier({
    key: source.key,
    publicKey: source.publicKey,
    // Those before the range say nothing about it.
    checkpoints: [...source.checkpoints, ...outside].filter(({ count }) => count >= (from ?? 0)),
    after: whole ? source.before : null,
    cut: source.cut,
    to: to ?? source.position,
  })
  for await (const entry of source.entries({ from, to })) if (!verifier.add(entryOf(entry))) break
  return verifier.end()
}

function told({ checked, first, last, checkpoints, begins, problem }: LogReport): string {
  if (checked === 0) return problem === null ? 'The log is empty.' : 'No entry was found to be right.'
  const range = `${checked.toLocaleString('en')} entries, ${first} to ${last}`
  const signed = checkpoints === 1 ? '1 signed checkpoint' : `${checkpoints} signed checkpoints`
  const from =
    begins === null
      ? ''
      : ` The log begins with entry ${begins.position}: those before it left it on ${begins.since}, as a signed checkpoint says.`
  return problem === null
    ? `All holds: ${range}, with ${signed}.${from}`
    : `Before it, ${range}, hold, with ${signed}.`
}

async function withSource<Result>(
  config: Config,
  { file, key, checkpoint }: Wanted,
  use: (source: LogSource) => Promise<Result>,
): Promise<Result> {
  if (file !== null) return use(sourceOfFile(file, key ?? ''))
  if (config.client) return use(await logOfServer(config.client.url, config.client.apiKey))
  const running = config.database.url === null ? readLocalAdmin(config.dataDir) : null
  if (running) return use(await logOfServer(running.url, running.token))
  const keys = config.encryptionKeys ?? readOrMakeKeyFile(config.dataDir)
  return withDatabase(config, async (db) => {
    const source = await logOfDatabase(db, createSecretBox(keys))
    const kept = path.join(config.dataDir, checkpointFile)
    const outside = checkpoint === null && existsSync(kept) ? readCheckpoints(kept) : []
    return use({ ...source, checkpoints: [...source.checkpoints, ...outside] })
  })
}

const keyFile = z.object({ key: z.base64(), public_key: z.string() })

function sourceOfFile(file: string, keyPath: string): LogSource {
  const { key, public_key } = readJson(keyPath, keyFile, 'Make it with: keyhook log key')
  return {
    name: file,
    key: Buffer.from(key, 'base64'),
    publicKey: public_key,
    checkpoints: [],
    before: null,
    cut: null,
    position: null,
    async *entries({ from, to }) {
      for await (const entry of entriesOfFile(file)) {
        if (from !== null && entry.position < from) continue
        if (to !== null && entry.position > to) return
        yield entry
      }
    },
  }
}

/** Checkpoints one a line. Lines without one, such as a half one at the end, are an Error: nothing is passed over. */
function readCheckpoints(file: string): LogCheckpoint[] {
  const lines = readText(file)
    .split('\n')
    .filter((line) => line.trim() !== '')
  return lines.map((line, index) => {
    const read = logCheckpoint.safeParse(jsonOrNull(line))
    if (read.success) return read.data
    throw new Error(`${file}, line ${index + 1}: this is not a checkpoint.`)
  })
}

function readJson<Value>(file: string, schema: z.ZodType<Value>, advice: string): Value {
  const read = schema.safeParse(jsonOrNull(readText(file)))
  if (!read.success) throw new Error(`${file} does not hold what it should. ${advice}`)
  return read.data
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(`${file} cannot be read.`, { cause })
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function parse(args: string[]): Wanted | string {
  const options = {
    from: { type: 'string' },
    to: { type: 'string' },
    checkpoint: { type: 'string' },
    file: { type: 'string' },
    key: { type: 'string' },
  } as const
  try {
    const { values } = parseArgs({ args, options })
    const from = positionOf(values.from)
    const to = positionOf(values.to)
    if (Number.isNaN(from) || Number.isNaN(to) || (from ?? 1) > (to ?? Number.POSITIVE_INFINITY))
      return '--from and --to are positions in the log, such as 1, the smaller one first.'
    const { file = null, key = null, checkpoint = null } = values
    if ((file === null) !== (key === null))
      return '--file needs --key, a file that `keyhook log key` printed, and the other way round.'
    return { from, to, checkpoint, file, key }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** NaN for what is none. */
function positionOf(text: string | undefined): number | null {
  if (text === undefined) return null
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : Number.NaN
}
