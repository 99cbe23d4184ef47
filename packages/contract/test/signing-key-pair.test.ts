import { webcrypto } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sign, verify } from '../src/signature.ts'
import { formatSigningPublicKey, newSigningKeyPair, parseSigningPublicKey } from '../src/signing-key-pair.ts'

const id = 'dlv_1'
const seconds = 1_700_000_000
const body = Buffer.from('{"a":"grüße"}')
const headers = (signature: string) => ({
  'webhook-id': id,
  'webhook-timestamp': String(seconds),
  'webhook-signature': signature,
})

describe('Ed25519 signatures (v1a)', () => {
  test('are over id, timestamp and body, as another implementation finds', async () => {
    const pair = newSigningKeyPair()
    const [scheme, base64 = ''] = sign(
      { secrets: [], privateKeys: [pair.privateKey] },
      id,
      seconds,
      body,
    ).split(',')
    expect(scheme).toBe('v1a')
    const key = await webcrypto.subtle.importKey('raw', new Uint8Array(pair.publicKey), 'Ed25519', true, [
      'verify',
    ])
    const text = Buffer.concat([Buffer.from(`${id}.${seconds}.`), body])
    expect(await webcrypto.subtle.verify('Ed25519', key, Buffer.from(base64, 'base64'), text)).toBe(true)
  })

  test('verify with the right public key and nothing else', () => {
    const pair = newSigningKeyPair()
    const other = newSigningKeyPair()
    const signature = sign(
      { secrets: [Buffer.alloc(32, 1)], privateKeys: [pair.privateKey, other.privateKey] },
      id,
      seconds,
      body,
    )
    expect(signature).toMatch(/^v1,\S{44} v1a,\S{88} v1a,\S{88}$/)
    const check = (
      publicKey: Uint8Array,
      changed: Partial<ReturnType<typeof headers>> = {},
      bytes: Uint8Array = body,
    ) => verify([], { ...headers(signature), ...changed }, bytes, seconds, [publicKey]).ok
    expect([check(pair.publicKey), check(other.publicKey)]).toEqual([true, true])
    expect(check(newSigningKeyPair().publicKey)).toBe(false)
    expect(check(pair.publicKey, { 'webhook-id': 'dlv_2' })).toBe(false)
    expect(check(pair.publicKey, { 'webhook-timestamp': String(seconds + 1) })).toBe(false)
    expect(check(pair.publicKey, {}, Buffer.from('{}'))).toBe(false)
    // Under the name of the other scheme, cut off, or not base64.
    const [, one = ''] = signature.split(' ')
    for (const wrong of [one.replace('v1a,', 'v1,'), one.slice(0, -3), 'v1a,', 'v1a,!!!!', '']) {
      expect(check(pair.publicKey, { 'webhook-signature': wrong }), wrong).toBe(false)
    }
  })

  test('public keys read and write', () => {
    const { publicKey } = newSigningKeyPair()
    const text = formatSigningPublicKey(publicKey)
    expect(Buffer.from(parseSigningPublicKey(text) ?? [])).toEqual(Buffer.from(publicKey))
    for (const wrong of [
      '',
      'whpk_',
      text.slice(1),
      `${text}A`,
      text.replace('whpk_', 'whsk_'),
      `${text} `,
    ]) {
      expect(parseSigningPublicKey(wrong), wrong).toBeNull()
    }
  })

  test('a key of another length is refused', () => {
    expect(() => sign({ secrets: [], privateKeys: [new Uint8Array(31)] }, id, seconds, body)).toThrow(
      RangeError,
    )
    expect(() => sign({ secrets: [], privateKeys: [] }, id, seconds, body)).toThrow(RangeError)
  })
})
