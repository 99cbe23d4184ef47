import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type EncryptionKey, parseEncryptionKeys } from './encryption-key.ts'

/**
 * The encryption key of the try-it profile: read from `<folder>/encryption-key`, made there (mode 0600) the first time.
 * Throws an Error that says what to do when the file cannot be used.
 */
export function readOrMakeKeyFile(folder: string): EncryptionKey[] {
  const file = path.join(folder, 'encryption-key')
  if (!existsSync(file)) {
    writeFileSync(file, `local:${randomBytes(32).toString('base64')}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    })
  }
  try {
    return parseEncryptionKeys(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(
      `The encryption key in ${file} cannot be used: ${error instanceof Error ? error.message : error} ` +
        'Put the file back from a backup; without it the stored secrets cannot be read.',
    )
  }
}
