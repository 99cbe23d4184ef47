import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseEncryptionKeys } from '../../src/lib/encryption-key.ts'

const bytes = randomBytes(32)
const base64 = bytes.toString('base64')
const other = randomBytes(32).toString('base64')

describe('good keys', () => {
  test.each([
    ['one', `k1:${base64}`, ['k1']],
    ['several with commas', `k2:${base64},k1:${other}`, ['k2', 'k1']],
    ['several with white space', `  k2:${base64}\n\tk1:${other}\n`, ['k2', 'k1']],
    ['commas and spaces', `k2:${base64}, k1:${other},`, ['k2', 'k1']],
    ['without padding', `k1:${base64.replace(/=+$/, '')}`, ['k1']],
    ['in base64url', `k1:${bytes.toString('base64url')}`, ['k1']],
    ['a long id', `${'k'.repeat(32)}:${base64}`, ['k'.repeat(32)]],
  ])('%s', (_what, text, ids) => {
    const keys = parseEncryptionKeys(text)
    expect(keys.map(({ id }) => id)).toEqual(ids)
    expect(Buffer.from(keys[0]?.bytes ?? [])).toEqual(bytes)
  })
})

describe('bad keys are refused with their position and never their value', () => {
  test.each([
    ['nothing', '', /^no key is given/],
    ['only separators', ' ,\n', /^no key is given/],
    ['no id', base64, /^key 1 is not of the form id:base64/],
    ['an empty id', `:${base64}`, /^key 1 is not of the form/],
    ['an id that is too long', `${'k'.repeat(33)}:${base64}`, /^key 1 is not of the form/],
    ['an id with other characters', `k.1:${base64}`, /^key 1 is not of the form/],
    ['no key', 'k1:', /^key 1 is not of the form/],
    ['hexadecimal', `k1:${bytes.toString('hex')}`, /^key 1 \(k1\) has 48 bytes; it must have 32/],
    ['too short', `k1:${base64.slice(0, 40)}`, /^key 1 \(k1\) has 30 bytes/],
    ['too long', `k1:${randomBytes(33).toString('base64')}`, /^key 1 \(k1\) has 33 bytes/],
    ['three signs of padding', `k1:${base64}==`, /^key 1 is not of the form/],
    ['a bad one behind a good one', `k1:${base64} k2:short`, /^key 2 \(k2\) has 3 bytes/],
    ['the same id twice', `k1:${base64} k1:${other}`, /^the key id k1 is used twice/],
  ])('%s', (_what, text, message) => {
    expect(() => parseEncryptionKeys(text)).toThrow(message)
    const words = text.split(/[\s,:]+/).filter((word) => word.length > 35)
    try {
      parseEncryptionKeys(text)
    } catch (error) {
      for (const word of words) expect(String(error)).not.toContain(word)
    }
  })
})
