import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  localPrincipal,
  newLocalToken,
  readLocalAdmin,
  removeLocalAdmin,
  writeLocalAdmin,
} from '../../src/auth/local-admin.ts'

function folderForTest(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyhook-local-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('the file', () => {
  const local = { url: 'http://127.0.0.1:3000', token: newLocalToken() }

  test('is for this user only, also when a wider one was left behind', () => {
    const folder = folderForTest()
    writeFileSync(path.join(folder, 'local-admin.json'), 'left behind', { mode: 0o666 })
    writeLocalAdmin(folder, local)
    expect(statSync(path.join(folder, 'local-admin.json')).mode & 0o777).toBe(0o600)
    expect(readLocalAdmin(folder)).toEqual(local)
  })

  test('is gone when it was removed, and removing it twice does no harm', () => {
    const folder = folderForTest()
    writeLocalAdmin(folder, local)
    removeLocalAdmin(folder)
    removeLocalAdmin(folder)
    expect(readLocalAdmin(folder)).toBeNull()
  })

  test.each(['', 'no JSON', '[]', 'null', '{"url":"http://127.0.0.1:3000"}', '{"url":1,"token":2}'])(
    'with %j in it counts as none',
    (content) => {
      const folder = folderForTest()
      writeFileSync(path.join(folder, 'local-admin.json'), content)
      expect(readLocalAdmin(folder)).toBeNull()
    },
  )
})

describe('the token', () => {
  const token = newLocalToken()
  const here = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1' }

  test('is an administrator', () => {
    expect(localPrincipal(token, token, here)).toMatchObject({ id: 'local', role: 'admin' })
  })

  test.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', true],
    ['::1', '::1', true],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1', true],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.8', '192.0.2.7', false],
    ['::ffff:192.0.2.8', '::ffff:192.0.2.7', false],
    [undefined, undefined, false],
  ])('from %s to %s counts: %s', (remoteAddress, localAddress, counts) => {
    expect(localPrincipal(token, token, { remoteAddress, localAddress }) !== null).toBe(counts)
  })

  test.each(['', 'khl_', token.slice(0, -1), `${token}x`, newLocalToken(), token.replace('khl_', 'kh_')])(
    'is not %s',
    (other) => {
      expect(localPrincipal(other, token, here)).toBeNull()
    },
  )
})
