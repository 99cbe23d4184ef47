import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { keyFileWarning, readOrMakeKeyFile } from '../../src/lib/key-file.ts'

function folderForTest(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyhook-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

test('the first call makes a key that only this user can read, later ones read it', () => {
  const folder = folderForTest()
  const made = readOrMakeKeyFile(folder)
  expect(made).toHaveLength(1)
  expect(made[0]?.bytes).toHaveLength(32)
  expect(statSync(path.join(folder, 'encryption-key')).mode & 0o777).toBe(0o600)
  expect(readOrMakeKeyFile(folder)).toEqual(made)
})

test('the key appears whole, and nothing else stays in the folder', () => {
  const folder = folderForTest()
  readOrMakeKeyFile(folder)
  expect(readdirSync(folder)).toEqual(['encryption-key'])
})

test.runIf(process.platform !== 'win32')(
  'a key that others may read is warned of, with what mends it',
  () => {
    const folder = folderForTest()
    expect(keyFileWarning(folder)).toBeNull()
    readOrMakeKeyFile(folder)
    expect(keyFileWarning(folder)).toBeNull()
    const file = path.join(folder, 'encryption-key')
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(file, mode)
      expect(keyFileWarning(folder)).toContain(`chmod 600 '${file}'`)
    }
  },
)

test('each folder gets a key of its own', () => {
  expect(readOrMakeKeyFile(folderForTest())).not.toEqual(readOrMakeKeyFile(folderForTest()))
})

test.each([
  ['empty', ''],
  ['cut off', `local:${Buffer.alloc(20, 5).toString('base64')}`],
  ['something else', 'hello'],
])('a file that is %s is a sentence that says what to do, and stays as it is', (_how, content) => {
  const folder = folderForTest()
  const file = path.join(folder, 'encryption-key')
  writeFileSync(file, content)
  expect(() => readOrMakeKeyFile(folder)).toThrow(
    /^The encryption key in .*encryption-key cannot be used: .* Put the file back from a backup; /,
  )
  expect(readFileSync(file, 'utf8')).toBe(content)
})
