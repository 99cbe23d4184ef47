/**
 * A month of the log as files, before it leaves the log: entries as the export writes them, their SHA-256, and the
 * checkpoints that verify them. Each is written under another name and to the disk before it gets its own.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { LogCheckpoint } from '@keyhook/contract/api/event.ts'
import { newId } from '../lib/ids.ts'

export type Archived = { readonly file: string; readonly sha256: string }

/** Writes `activity-log-<month>.ndjson.gz` and what belongs to it. Nothing of it is there when it throws. */
export async function archiveMonth(
  folder: string,
  month: string,
  lines: AsyncIterable<string>,
  checkpoints: readonly LogCheckpoint[],
): Promise<Archived> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name = `activity-log-${month}.ndjson.gz`
  const sha256 = await writeWhole(folder, name, lines, true)
  const told = checkpoints.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`)
  await writeWhole(folder, `activity-log-${month}.checkpoints.jsonl`, told)
  // As `sha256sum --check` reads it.
  await writeWhole(folder, `${name}.sha256`, [`${sha256}  ${name}\n`])
  return { file: name, sha256 }
}

/** Writes a file that is there completely or not at all. Returns the SHA-256 of what the disk holds. */
async function writeWhole(
  folder: string,
  name: string,
  text: AsyncIterable<string> | Iterable<string>,
  gzip = false,
): Promise<string> {
  const temporary = path.join(folder, `.${name}.${newId('prc')}`)
  try {
    const file = await open(temporary, 'wx', 0o600)
    const squeezed = gzip
      ? createGzip()
      : new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) })
    await pipeline(Readable.from(text), squeezed, file.createWriteStream({ flush: true }))
    const sha256 = await hashOf(temporary)
    await rename(temporary, path.join(folder, name))
    await syncFolder(folder)
    return sha256
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** The new name is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
