import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { signEd25519, verifyEd25519 } from '../src/signing-key-pair.ts'

type Case = { tcId: number; comment: string; msg: string; sig: string; result: 'valid' | 'invalid' }
type Group = { publicKey: { pk: string }; tests: Case[] }

const file = join(import.meta.dirname, 'fixtures', 'wycheproof', 'ed25519_test.json')
const { testGroups } = JSON.parse(readFileSync(file, 'utf8')) as { testGroups: Group[] }
const hex = (text: string) => Buffer.from(text, 'hex')
const cases = testGroups.flatMap(({ publicKey, tests }) => tests.map((one) => ({ ...one, pk: publicKey.pk })))

describe('Wycheproof', () => {
  test('the file has cases of both kinds', () => {
    const valid = cases.filter(({ result }) => result === 'valid')
    expect([valid.length, cases.length - valid.length]).toEqual([88, 63])
  })

  test.each(cases.map((one) => [one.tcId, one.comment, one.result, one] as const))(
    'signature %i (%s) is %s',
    (_id, _comment, result, { pk, msg, sig }) => {
      expect(verifyEd25519(hex(pk), hex(msg), hex(sig))).toBe(result === 'valid')
    },
  )
})

// RFC 8032, 7.1: TEST 1 to 3.
const published = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const

describe('signEd25519', () => {
  test.each(published)('gives the published signature of key %s', (key, message, signature) => {
    expect(signEd25519(hex(key), hex(message)).toString('hex')).toBe(signature)
  })

  test.each([0, 31, 33, 64])('refuses a key of %i bytes, as does verifyEd25519', (length) => {
    expect(() => signEd25519(new Uint8Array(length), hex(''))).toThrow(RangeError)
    expect(() => verifyEd25519(new Uint8Array(length), hex(''), new Uint8Array(64))).toThrow(RangeError)
  })
})
