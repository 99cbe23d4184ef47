import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EncryptionKey } from '../../src/lib/encryption-key.ts'
import { createSecretBox, SecretBoxError } from '../../src/lib/secret-box.ts'

const keyOf = (id: string, fill: number): EncryptionKey => ({ id, bytes: Buffer.alloc(32, fill) })
const oldKey = keyOf('old', 1)
const newKey = keyOf('new', 2)
const box = createSecretBox([oldKey])
const place = 'webhooks/wh_1/signing_secret'
const secret = Buffer.from('a secret of some length')

describe('seal and open', () => {
  test.each([0, 1, 11, 12, 13, 15, 16, 17, 31, 32, 33, 255, 256, 4_096, 65_535, 65_536, 1_048_576])(
    '%i bytes come back as they were',
    (size) => {
      const plain = randomBytes(size)
      expect(Buffer.from(box.open(place, box.seal(place, plain))).equals(plain)).toBe(true)
    },
  )

  test('any bytes in any place come back, and do not stand in the sealed value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 300 }), fc.string(), (plain, anyPlace) => {
        const sealed = Buffer.from(box.seal(anyPlace, plain))
        expect(sealed.includes(Buffer.from(plain))).toBe(false)
        expect(Buffer.from(box.open(anyPlace, sealed)).equals(Buffer.from(plain))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('a view into a larger buffer is read within its bounds', () => {
    const sealed = box.seal(place, secret)
    const larger = Buffer.concat([Buffer.alloc(7, 9), sealed, Buffer.alloc(5, 9)])
    const view = new Uint8Array(larger.buffer, larger.byteOffset + 7, sealed.length)
    expect(Buffer.from(box.open(place, view))).toEqual(secret)
  })

  test('each value has a data key and IVs of its own', () => {
    const sealed = Array.from({ length: 200 }, () => Buffer.from(box.seal(place, secret)))
    // version, id length, id `old`; then IV, data key and tag of the wrap, then IV, value and tag.
    const parts = [
      [5, 17],
      [17, 49],
      [65, 77],
      [77, 77 + secret.length],
    ] as const
    for (const [from, to] of parts) {
      expect(new Set(sealed.map((value) => value.toString('hex', from, to))).size).toBe(200)
    }
  })

  test('many at once do not disturb one another', async () => {
    const results = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const plain = Buffer.from(`secret ${index}`)
        const sealed = box.seal(`${place}/${index}`, plain)
        await Promise.resolve()
        return Buffer.from(box.open(`${place}/${index}`, sealed)).toString()
      }),
    )
    expect(results).toEqual(results.map((_, index) => `secret ${index}`))
  })
})

describe('a value that was tampered with does not open', () => {
  const sealed = Buffer.from(box.seal(place, secret))

  test('with any single bit flipped', () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => box.open(place, changed), `bit ${bit}`).toThrow(SecretBoxError)
    }
  })

  test('cut at any length', () => {
    for (let length = 0; length < sealed.length; length++) {
      expect(() => box.open(place, sealed.subarray(0, length)), `${length} bytes`).toThrow(SecretBoxError)
    }
  })

  test('of an empty secret, cut at any length', () => {
    const empty = box.seal(place, Buffer.alloc(0))
    for (let length = 0; length < empty.length; length++) {
      expect(() => box.open(place, empty.subarray(0, length)), `${length} bytes`).toThrow(SecretBoxError)
    }
  })

  test.each([4, 8, 12, 13, 14, 15])('with a tag of %i bytes', (tag) => {
    expect(() => box.open(place, sealed.subarray(0, sealed.length - 16 + tag))).toThrow(SecretBoxError)
  })

  test('with bytes behind it', () => {
    expect(() => box.open(place, Buffer.concat([sealed, Buffer.alloc(1)]))).toThrow(SecretBoxError)
  })

  test.each([
    ['another row', 'webhooks/wh_2/signing_secret'],
    ['another column', 'webhooks/wh_1/headers/x'],
    ['no place', ''],
    ['a place with more behind it', `${place}/x`],
  ])('moved to %s', (_where, other) => {
    expect(() => box.open(other, sealed)).toThrow(SecretBoxError)
  })

  test('with the data key of another value of the same place', () => {
    const other = Buffer.from(box.seal(place, secret))
    const mixed = Buffer.concat([other.subarray(0, 65), sealed.subarray(65)])
    expect(() => box.open(place, mixed)).toThrow(SecretBoxError)
  })

  test('any bytes at all end as a SecretBoxError, quickly', () => {
    const malformed = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      // Right up to a point, so that the deeper parts are reached.
      fc
        .tuple(fc.nat(sealed.length), fc.uint8Array({ maxLength: 200 }))
        .map(([kept, tail]) => Buffer.concat([sealed.subarray(0, kept), tail]))
        .filter((bytes) => !bytes.equals(sealed)),
    )
    fc.assert(
      fc.property(malformed, (bytes) => {
        expect(() => box.open(place, bytes)).toThrow(SecretBoxError)
        expect(() => createSecretBox([newKey]).rewrap(place, bytes)).toThrow(SecretBoxError)
      }),
      { numRuns: 500 },
    )
  })

  test('the error says neither the secret nor the key', () => {
    const wrong = createSecretBox([keyOf('old', 9)])
    expect(() => wrong.open(place, sealed)).toThrow(
      'a stored secret does not open: it was changed, moved, or sealed with another key',
    )
  })
})

describe('keys', () => {
  test('another key of the same id does not open', () => {
    expect(() => createSecretBox([keyOf('old', 3)]).open(place, box.seal(place, secret))).toThrow(
      SecretBoxError,
    )
  })

  test('a key that is not configured is named', () => {
    expect(() => createSecretBox([newKey]).open(place, box.seal(place, secret))).toThrow(
      'the encryption key old is not configured',
    )
  })

  test('a damaged key id is not repeated', () => {
    const sealed = Buffer.from(box.seal(place, secret))
    sealed[2] = 0x0a
    expect(() => box.open(place, sealed)).toThrow('a stored secret is damaged')
  })

  test('a retired key opens, the newest seals', () => {
    const rotated = createSecretBox([newKey, oldKey])
    const sealed = box.seal(place, secret)
    expect(Buffer.from(rotated.open(place, sealed))).toEqual(secret)
    expect(box.keyIdOf(sealed)).toBe('old')
    expect(rotated.keyIdOf(rotated.seal(place, secret))).toBe('new')
  })

  test('at least one is needed', () => {
    expect(() => createSecretBox([])).toThrow('at least one encryption key is needed')
  })
})

describe('rewrap', () => {
  const rotated = createSecretBox([newKey, oldKey])

  test('changes the key and keeps the value, which the old key no longer opens', () => {
    const sealed = box.seal(place, secret)
    const rewrapped = rotated.rewrap(place, sealed)
    if (!rewrapped) throw new Error('nothing was rewrapped')
    expect(rotated.keyIdOf(rewrapped)).toBe('new')
    expect(Buffer.from(createSecretBox([newKey]).open(place, rewrapped))).toEqual(secret)
    expect(() => box.open(place, rewrapped)).toThrow(SecretBoxError)
    // The value itself is not encrypted again: only the wrapping of its key is new.
    expect(Buffer.from(rewrapped).subarray(-secret.length - 28)).toEqual(
      Buffer.from(sealed).subarray(-secret.length - 28),
    )
  })

  test('leaves alone what the newest key wraps already', () => {
    expect(rotated.rewrap(place, rotated.seal(place, secret))).toBeNull()
  })

  test('refuses what was moved', () => {
    expect(() => rotated.rewrap('elsewhere', box.seal(place, secret))).toThrow(SecretBoxError)
  })
})
