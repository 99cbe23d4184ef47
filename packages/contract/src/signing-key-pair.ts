/**
 * Ed25519 keys of asymmetric signatures: the receiver needs only the public key, written `whpk_` and base64 of its 32
 * bytes. Node only. Source: Standard Webhooks specification, "Asymmetric" signature scheme.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { preparing } from './prepared-key.ts'

const prefix = 'whpk_'
/** What stands before the 32 bytes of a key in DER: PKCS #8 and SPKI of Ed25519. Source: RFC 8410. */
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicHead = Buffer.from('302a300506032b6570032100', 'hex')

/** 32 bytes each. */
export type SigningKeyPair = { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array }

/** A new pair from the system's random source. */
export function newSigningKeyPair(): SigningKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(privateHead.length),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(publicHead.length),
  }
}

/** A public key as text. */
export function formatSigningPublicKey(publicKey: Uint8Array): string {
  return prefix + Buffer.from(publicKey).toString('base64')
}

/** The 32 bytes of a `whpk_` text; null when it is none. */
export function parseSigningPublicKey(text: string): Uint8Array | null {
  if (!/^whpk_[A-Za-z0-9+/]{43}=$/.test(text)) return null
  return Buffer.from(text.slice(prefix.length), 'base64')
}

const privateKeyObject = preparing((key) =>
  createPrivateKey({ key: der(privateHead, key), format: 'der', type: 'pkcs8' }),
)
const publicKeyObject = preparing((key) =>
  createPublicKey({ key: der(publicHead, key), format: 'der', type: 'spki' }),
)

/** The 64 bytes of an Ed25519 signature. Throws a RangeError unless the key has 32 bytes. */
export function signEd25519(privateKey: Uint8Array, text: Uint8Array): Buffer {
  return sign(null, text, privateKeyObject(privateKey))
}

/** Whether `signature` is that of `text`. Throws a RangeError unless the key has 32 bytes. */
export function verifyEd25519(publicKey: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, text, publicKeyObject(publicKey), signature)
}

function der(head: Buffer, key: Uint8Array): Buffer {
  if (key.length !== 32) throw new RangeError('An Ed25519 key has 32 bytes')
  return Buffer.concat([head, key])
}
