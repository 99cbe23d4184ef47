import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { type EncryptionKey, parseEncryptionKeys } from './encryption-key.ts'

/**
 * The encryption key of the try-it profile: read from `<folder>/encryption-key`, made there (mode 0600) the first time.
 * Throws an Error that says what to do when the file cannot be used.
 */
export function readOrMakeKeyFile(folder: string): EncryptionKey[] {
  const file = path.join(folder, 'encryption-key')
  if (!existsSync(file)) makeKeyFile(folder, file)
  try {
    return parseEncryptionKeys(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(
      `The encryption key in ${file} cannot be used: ${error instanceof Error ? error.message : error} ` +
        'Put the file back from a backup; without it the stored secrets cannot be read.',
    )
  }
}

/** Whole or not at all: a crash in between leaves no empty key behind. */
function makeKeyFile(folder: string, file: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    writeFileSync(draft, `local:${randomBytes(32).toString('base64')}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    })
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
  syncFolder(folder)
}

/** Without it a power cut may take the file's name while what was encrypted with the key stays. */
function syncFolder(folder: string): void {
  // Windows cannot open folders.
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** A warning when others than this user may read the key, with the command that mends it; null when all is well. */
export function keyFileWarning(folder: string): string | null {
  const file = path.join(folder, 'encryption-key')
  // On Windows the mode says nothing about who may read.
  if (process.platform === 'win32' || !existsSync(file)) return null
  const mode = statSync(file).mode & 0o777
  if ((mode & 0o077) === 0) return null
  return `The encryption key in ${file} can be used by others (mode ${mode.toString(8)}). Mend it with: chmod 600 '${file}'`
}
