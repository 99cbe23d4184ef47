import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { sign, signatureToleranceSeconds, verify } from '../src/signature.ts'
import { formatSigningSecret, newSigningSecret, parseSigningSecret } from '../src/signing-secret.ts'

type Vectors = {
  sign: Array<{ secret: string; id: string; timestamp: number; payload: string; expected: string }>
  toleranceSeconds: number
  rejectSecrets: string[]
  verify: Array<[name: string, valid: boolean]>
}

const hmac = (...secrets: Uint8Array[]) => ({ secrets, privateKeys: [] })
const vectors: Vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'standard-webhooks', 'vectors.json'), 'utf8'),
)
const [vector] = vectors.sign
if (!vector) throw new Error('The fixture holds no signing vector')

function keyOf(secret: string): Uint8Array {
  const read = parseSigningSecret(secret)
  if (!read.ok) throw new Error(read.detail)
  return read.bytes
}

const key = keyOf(vector.secret)
const body = Buffer.from(vector.payload)
const now = vector.timestamp
const headers = {
  'webhook-id': vector.id,
  'webhook-timestamp': String(now),
  'webhook-signature': vector.expected,
}

describe('sign', () => {
  test.each(vectors.sign)(
    'gives the published signature of $id',
    ({ secret, id, timestamp, payload, expected }) => {
      expect(sign(hmac(keyOf(secret)), id, timestamp, Buffer.from(payload))).toBe(expected)
    },
  )

  test('gives what the Standard Webhooks library gives, for any text', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 24, maxLength: 64 }),
        fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/),
        fc.integer({ min: 0, max: 9_999_999_999 }),
        fc.string({ unit: 'grapheme' }),
        (bytes, id, seconds, text) => {
          const theirs = new Webhook(formatSigningSecret(bytes)).sign(id, new Date(seconds * 1_000), text)
          expect(sign(hmac(bytes), id, seconds, Buffer.from(text))).toBe(theirs)
        },
      ),
    )
  })

  test('signs the bytes as they are, UTF-8 or not', () => {
    const bytes = Uint8Array.from([0xff, 0x00, 0xfe])
    const signature = sign(hmac(key), 'dlv_1', now, bytes)
    expect(signature).not.toBe(sign(hmac(key), 'dlv_1', now, Buffer.from(new TextDecoder().decode(bytes))))
  })

  test('gives one signature for each key while a secret is rotated, and the library takes any of them', () => {
    const [old, current] = [newSigningSecret(), newSigningSecret()]
    const seconds = Math.floor(Date.now() / 1_000)
    const signature = sign(hmac(keyOf(current), keyOf(old)), 'dlv_1', seconds, body)
    expect(signature.split(' ')).toHaveLength(2)
    for (const secret of [old, current]) {
      const sent = {
        'webhook-id': 'dlv_1',
        'webhook-timestamp': String(seconds),
        'webhook-signature': signature,
      }
      expect(new Webhook(secret).verify(vector.payload, sent)).toEqual(JSON.parse(vector.payload))
    }
  })

  test.each([
    ['no key', [], 'dlv_1', 1],
    ['an empty id', [key], '', 1],
    ['an id with a dot, which would make the signed text ambiguous', [key], 'dlv.1', 1],
    ['a timestamp that is not whole seconds', [key], 'dlv_1', 1.5],
    ['a negative timestamp', [key], 'dlv_1', -1],
  ])('refuses %s', (_what, keys, id, seconds) => {
    expect(() => sign(hmac(...keys), id, seconds, body)).toThrow(RangeError)
  })
})

describe('verify', () => {
  const four = [
    'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=',
    'v2,x',
    vector.expected,
    'v1,nonsense',
  ].join(' ')
  const late = now + signatureToleranceSeconds
  const cases: Record<string, () => ReturnType<typeof verify>> = {
    valid: () => verify([key], headers, body, now),
    'missing webhook-id': () => verify([key], { ...headers, 'webhook-id': undefined }, body, now),
    'missing webhook-timestamp': () =>
      verify([key], { ...headers, 'webhook-timestamp': undefined }, body, now),
    'webhook-timestamp=hello': () => verify([key], { ...headers, 'webhook-timestamp': 'hello' }, body, now),
    'missing webhook-signature': () =>
      verify([key], { ...headers, 'webhook-signature': undefined }, body, now),
    'webhook-signature=v1,dawfeoifkpqwoekfpqoekf': () =>
      verify([key], { ...headers, 'webhook-signature': 'v1,dawfeoifkpqwoekfpqoekf' }, body, now),
    'signature cut to 8 characters': () =>
      verify([key], { ...headers, 'webhook-signature': vector.expected.slice(0, 8) }, body, now),
    'webhook-signature=v1,': () => verify([key], { ...headers, 'webhook-signature': 'v1,' }, body, now),
    'timestamp older than tolerance': () => verify([key], headers, body, late + 1),
    'timestamp newer than tolerance': () => verify([key], headers, body, now - signatureToleranceSeconds - 1),
    'four signatures, third valid': () => verify([key], { ...headers, 'webhook-signature': four }, body, now),
    'secret with whsec_ prefix': () => verify([keyOf(vector.secret)], headers, body, now),
    'secret without prefix': () => verify([keyOf(vector.secret.replace('whsec_', ''))], headers, body, now),
  }

  test('has a case for each published one', () => {
    expect(Object.keys(cases)).toEqual(vectors.verify.map(([name]) => name))
    expect(signatureToleranceSeconds).toBe(vectors.toleranceSeconds)
  })

  test.each(vectors.verify)('%s: %s', (name, valid) => {
    expect(cases[name]?.().ok).toBe(valid)
  })

  test('says why', () => {
    const reason = (changed: Partial<Record<keyof typeof headers, string>>, at = now) => {
      const result = verify([key], { ...headers, ...changed }, body, at)
      return result.ok ? 'ok' : result.reason
    }
    expect(reason({ 'webhook-id': '' })).toBe('missing_id')
    expect(reason({ 'webhook-timestamp': '' })).toBe('missing_timestamp')
    expect(reason({ 'webhook-signature': '' })).toBe('missing_signature')
    expect(reason({ 'webhook-timestamp': '-1' })).toBe('invalid_timestamp')
    expect(reason({ 'webhook-timestamp': `${now}.0` })).toBe('invalid_timestamp')
    expect(reason({}, late + 1)).toBe('too_old')
    expect(reason({}, now - signatureToleranceSeconds - 1)).toBe('too_new')
    expect(reason({}, late)).toBe('ok')
    expect(reason({}, now - signatureToleranceSeconds)).toBe('ok')
    expect(reason({ 'webhook-id': 'other' })).toBe('no_match')
    expect(reason({ 'webhook-timestamp': String(now + 1) })).toBe('no_match')
    expect(reason({ 'webhook-signature': vector.expected.replace('v1,', 'v2,') })).toBe('no_match')
    expect(reason({ 'webhook-signature': vector.expected.replace('v1,', '') })).toBe('no_match')
  })

  test('takes what it signed with any of its keys, and nothing that was changed', () => {
    const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 })
    fc.assert(
      fc.property(bytes, bytes, fc.uint8Array({ minLength: 1 }), fc.nat(), (one, other, data, place) => {
        fc.pre(!Buffer.from(one).equals(Buffer.from(other)))
        const signed = { ...headers, 'webhook-signature': sign(hmac(one), vector.id, now, data) }
        expect(verify([other, one], signed, data, now)).toEqual({ ok: true })
        expect(verify([other], signed, data, now)).toEqual({ ok: false, reason: 'no_match' })
        expect(verify([], signed, data, now)).toEqual({ ok: false, reason: 'no_match' })
        const changed = Uint8Array.from(data)
        changed[place % changed.length] = (changed[place % changed.length] as number) ^ 1
        expect(verify([one], signed, changed, now)).toEqual({ ok: false, reason: 'no_match' })
      }),
    )
  })
})
