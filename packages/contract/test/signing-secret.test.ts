import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatSigningSecret,
  newSigningSecret,
  newSigningSecretBytes,
  parseSigningSecret,
} from '../src/signing-secret.ts'

const base64 = (length: number) => Buffer.alloc(length, 0xa5).toString('base64')

describe('a new signing secret', () => {
  test('is `whsec_` and 32 random bytes, another one each time', () => {
    const secret = newSigningSecret()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(newSigningSecretBytes()).toHaveLength(32)
    expect(newSigningSecret()).not.toBe(secret)
  })
})

describe('parseSigningSecret', () => {
  test('gives back any key of 24 to 64 bytes, with or without the prefix', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (bytes) => {
        const secret = formatSigningSecret(bytes)
        expect(parseSigningSecret(secret)).toEqual({ ok: true, bytes })
        expect(parseSigningSecret(secret.slice('whsec_'.length))).toEqual({ ok: true, bytes })
      }),
    )
  })

  test.each([
    ['', 'empty'],
    ['whsec_', 'empty'],
    [`whsec_${base64(23)}`, '24 to 64 bytes, it has 23'],
    [`whsec_${base64(65)}`, '24 to 64 bytes, it has 65'],
    [`whsec_${base64(200)}`, 'longer than 64 bytes'],
    [`whsec_${base64(32).slice(0, -1)}`, 'cut off or lacks its `=`'],
    [`whsec_${base64(24).replace('p', ' ')}`, 'must be `whsec_` and base64'],
    [`whsec_abc def${base64(24)}`, 'At position 10 there is something else'],
    ['my-secret', 'must be `whsec_` and base64'],
    ['topsecret', 'must begin with `whsec_`'],
    ['topsecret', 'openssl rand -base64 32'],
    [` whsec_${base64(24)}`, 'must be `whsec_` and base64'],
    [`whsec_${base64(24)}\n`, 'must be `whsec_` and base64'],
    [`WHSEC_${base64(24)}`, 'must be `whsec_` and base64'],
    [`whsec_${base64(24).replaceAll('p', '-')}`, 'must be `whsec_` and base64'],
    [`whsec_====${base64(24)}`, 'must be `whsec_` and base64'],
    [`whsec_${base64(30).slice(0, -1)}é`, 'must be `whsec_` and base64'],
  ])('refuses %j and says why', (text, detail) => {
    expect(parseSigningSecret(text)).toMatchObject({ ok: false, detail: expect.stringContaining(detail) })
  })

  test('refuses the secrets that the published vectors refuse', () => {
    const file = join(import.meta.dirname, 'fixtures', 'standard-webhooks', 'vectors.json')
    for (const secret of JSON.parse(readFileSync(file, 'utf8')).rejectSecrets) {
      expect(parseSigningSecret(secret).ok).toBe(false)
    }
  })

  test('never throws and never repeats what it was given', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (text) => {
        const read = parseSigningSecret(`whsec_${text}`)
        if (!read.ok) expect(read.detail).not.toContain(text)
      }),
    )
  })
})
