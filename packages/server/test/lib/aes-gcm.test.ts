import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decrypt, encrypt, overheadBytes } from '../../src/lib/aes-gcm.ts'

type Group = { ivSize: number; keySize: number; tagSize: number; tests: Case[] }
type Case = {
  tcId: number
  comment: string
  key: string
  iv: string
  aad: string
  msg: string
  ct: string
  tag: string
  result: 'valid' | 'invalid'
}

const file = new URL('../fixtures/wycheproof/aes_gcm_test.json', import.meta.url)
const { testGroups } = JSON.parse(readFileSync(file, 'utf8')) as { testGroups: Group[] }
const hex = (text: string) => Buffer.from(text, 'hex')
const messageOf = ({ iv, ct, tag }: Case) => Buffer.concat([hex(iv), hex(ct), hex(tag)])

// The sizes that a message of Keyhook has; others are refused or cannot be written down at all.
const ours = testGroups.filter(
  ({ keySize, ivSize, tagSize }) => keySize === 256 && ivSize === 96 && tagSize === 128,
)
const cases = ours.flatMap(({ tests }) => tests)
const valid = cases.filter(({ result }) => result === 'valid')
const invalid = cases.filter(({ result }) => result === 'invalid')

describe('Wycheproof', () => {
  test('the file has cases of both kinds for our sizes', () => {
    expect([valid.length, invalid.length]).toEqual([39, 27])
  })

  test.each(valid.map((one) => [one.tcId, one.comment, one] as const))(
    'case %i (%s) opens to its plain text',
    (_id, _comment, one) => {
      expect(decrypt(hex(one.key), messageOf(one), hex(one.aad))).toEqual(hex(one.msg))
    },
  )

  test.each(invalid.map((one) => [one.tcId, one.comment, one] as const))(
    'case %i (%s) does not open',
    (_id, _comment, one) => {
      expect(decrypt(hex(one.key), messageOf(one), hex(one.aad))).toBeNull()
    },
  )

  test('keys of other sizes are refused', () => {
    for (const { keySize, tests } of testGroups) {
      const [one] = tests
      if (keySize === 256 || !one) continue
      expect(() => encrypt(hex(one.key), hex(one.msg), hex(one.aad))).toThrow(/key length/i)
    }
  })

  test.each(valid.map((one) => [one.tcId, one.comment, one] as const))(
    'what is sealed with key and context of case %i (%s) opens again',
    (_id, _comment, one) => {
      const message = encrypt(hex(one.key), hex(one.msg), hex(one.aad))
      expect(message.length).toBe(hex(one.msg).length + overheadBytes)
      expect(decrypt(hex(one.key), message, hex(one.aad))).toEqual(hex(one.msg))
    },
  )
})

describe('encrypt', () => {
  test('never uses an IV twice', () => {
    const key = Buffer.alloc(32, 1)
    const ivs = Array.from({ length: 1_000 }, () =>
      encrypt(key, Buffer.from('same'), Buffer.from('same')).toString('hex', 0, 12),
    )
    expect(new Set(ivs).size).toBe(1_000)
  })
})
