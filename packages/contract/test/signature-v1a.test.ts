import { webcrypto } from 'node:crypto'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { sign, verify } from '../src/signature.ts'
import { newSigningKeyPair } from '../src/signing-key-pair.ts'
import { formatSigningSecret, newSigningSecretBytes } from '../src/signing-secret.ts'

const pair = newSigningKeyPair()
const now = 1_790_000_000
const body = Buffer.from('{"test":true}')
const headersOf = (signature: string, id = 'dlv_1', seconds = now) => ({
  'webhook-id': id,
  'webhook-timestamp': String(seconds),
  'webhook-signature': signature,
})
const signed = (keys: readonly Uint8Array[], data: Uint8Array = body) =>
  sign({ secrets: [], privateKeys: keys }, 'dlv_1', now, data)
const noMatch = { ok: false, reason: 'no_match' }

describe('v1a', () => {
  test('what WebCrypto signs is taken', async () => {
    const keys = await webcrypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
    if (!('privateKey' in keys)) throw new Error('Ed25519 keys come in pairs')
    const text = Buffer.from(`dlv_1.${now}.${body}`)
    const signature = Buffer.from(await webcrypto.subtle.sign('Ed25519', keys.privateKey, text))
    const publicKey = new Uint8Array(await webcrypto.subtle.exportKey('raw', keys.publicKey))
    const headers = headersOf(`v1a,${signature.toString('base64')}`)
    expect(verify([], headers, body, now, [publicKey])).toEqual({ ok: true })
  })

  test('is taken with any of its keys, and not once anything was changed', () => {
    const other = newSigningKeyPair()
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (data, place) => {
        const headers = headersOf(signed([pair.privateKey], data))
        expect(verify([], headers, data, now, [other.publicKey, pair.publicKey])).toEqual({ ok: true })
        expect(verify([], headers, data, now, [other.publicKey])).toEqual(noMatch)
        expect(verify([], headers, data, now)).toEqual(noMatch)
        const changed = Uint8Array.from(data)
        changed[place % changed.length] = (changed[place % changed.length] as number) ^ 1
        expect(verify([], headers, changed, now, [pair.publicKey])).toEqual(noMatch)
      }),
      { numRuns: 50 },
    )
    const signature = signed([pair.privateKey])
    expect(verify([], headersOf(signature, 'dlv_2'), body, now, [pair.publicKey])).toEqual(noMatch)
    expect(verify([], headersOf(signature, 'dlv_1', now + 1), body, now, [pair.publicKey])).toEqual(noMatch)
  })

  test('is bound to the time like v1', () => {
    const headers = headersOf(signed([pair.privateKey]))
    expect(verify([], headers, body, now + 301, [pair.publicKey])).toEqual({ ok: false, reason: 'too_old' })
    expect(verify([], headers, body, now - 301, [pair.publicKey])).toEqual({ ok: false, reason: 'too_new' })
  })

  test('stands beside v1 without harm to receivers whose library knows only v1', () => {
    const secret = newSigningSecretBytes()
    const seconds = Math.floor(Date.now() / 1_000)
    const both = sign({ secrets: [secret], privateKeys: [pair.privateKey] }, 'dlv_1', seconds, body)
    const library = new Webhook(formatSigningSecret(secret))
    for (const text of [both, both.split(' ').reverse().join(' ')]) {
      const headers = headersOf(text, 'dlv_1', seconds)
      expect(library.verify(body, headers)).toEqual({ test: true })
      expect(verify([secret], headers, body, seconds)).toEqual({ ok: true })
      expect(verify([], headers, body, seconds, [pair.publicKey])).toEqual({ ok: true })
    }
  })

  test('the same bytes may be a secret and a private key', () => {
    const bytes = newSigningSecretBytes()
    expect(sign({ secrets: [bytes], privateKeys: [bytes] }, 'dlv_1', now, body)).toMatch(/^v1,\S+ v1a,\S+$/)
  })

  test.each([
    ['a signature with something behind it', (text: string) => `${text}AAAA`],
    ['base64url', (text: string) => `${text.slice(0, -3)}_==`],
    ['zeros', () => `v1a,${Buffer.alloc(64).toString('base64')}`],
  ])('is not read from %s', (_what, change) => {
    const headers = headersOf(change(signed([pair.privateKey])))
    expect(verify([], headers, body, now, [pair.publicKey])).toEqual(noMatch)
  })
})
