import { describe, expect, test } from 'vitest'
import { hashOfKey, hintOfKey, isPlausibleKey, newApiKey } from '../../src/auth/api-key.ts'

/** CRC-32 bit by bit (ISO 3309), unlike the library's table. */
function crcOf(text: string): number {
  let crc = 0xffffffff
  for (const byte of Buffer.from(text)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const numberOf = (text: string) => [...text].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)

describe('a new key', () => {
  test('is kh_, 30 random characters and 6 that check them', () => {
    for (let count = 0; count < 200; count++) {
      const key = newApiKey()
      expect(key).toMatch(/^kh_[0-9A-Za-z]{36}$/)
      expect(numberOf(key.slice(33))).toBe(crcOf(key.slice(3, 33)))
    }
  })

  test('is never the same, and uses every character', () => {
    const keys = Array.from({ length: 2_000 }, newApiKey)
    expect(new Set(keys).size).toBe(2_000)
    expect(new Set(keys.map((key) => key.slice(3, 33)).join('')).size).toBe(62)
  })

  test('shows four characters of itself to recognise it by', () => {
    const key = newApiKey()
    expect(hintOfKey(key)).toBe(`${key.slice(0, 7)}…`)
  })
})

test('the stored hash is SHA-256', () => {
  expect(hashOfKey('abc').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})

test.each([
  [newApiKey(), true],
  [`kh_${'a'.repeat(32)}`, true],
  [`kh_${'-_'.repeat(100)}`, true],
  [`kh_${'a'.repeat(31)}`, false],
  [`kh_${'a'.repeat(201)}`, false],
  [`KH_${'a'.repeat(36)}`, false],
  [`kh_${'a'.repeat(32)}!`, false],
  [`kh_${'a'.repeat(36)}\n`, false],
  ['', false],
])('%j is worth looking up: %s', (key, expected) => {
  expect(isPlausibleKey(key)).toBe(expected)
})
