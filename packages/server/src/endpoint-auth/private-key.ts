/** Private keys in PEM: of client certificates, and of OAuth clients that sign assertions (RFC 7523). */
import { createPrivateKey, type KeyObject, type webcrypto } from 'node:crypto'
import { pemProblem } from './pem-problem.ts'

/** How WebCrypto names what a key can sign with. */
type ImportParameters = { name: string; hash?: string; namedCurve?: string }

/** What is wrong with a PEM private key, in a sentence that never repeats it; null when it can be used. */
export function privateKeyProblem(pem: string): string | null {
  const key = parsePrivateKey(pem)
  if (typeof key === 'string') return key
  if (importParameters(key)) return null
  return `A key of type ${describe(key)} cannot sign here: use RSA of at least 2048 bits, EC on P-256, P-384 or P-521, or Ed25519.`
}

/** The key as the OAuth library takes it. Throws for a key that `privateKeyProblem` refuses. */
export function importPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  const key = parsePrivateKey(pem)
  const parameters = typeof key === 'string' ? null : importParameters(key)
  if (typeof key === 'string' || !parameters) throw new Error('the private key cannot be used')
  const der = key.export({ type: 'pkcs8', format: 'der' })
  return crypto.subtle.importKey('pkcs8', new Uint8Array(der), parameters, false, ['sign'])
}

/** The key, or what is wrong with it in a sentence that never repeats it. */
export function parsePrivateKey(pem: string): KeyObject | string {
  if (/ENCRYPTED/.test(pem)) {
    return 'The key is encrypted with a passphrase: decrypt it first, for example with openssl pkey -in key.pem -out plain.pem.'
  }
  return readKey(pem) ?? pemProblem(pem, 'private key', (block) => readKey(block) !== null)
}

function readKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

function importParameters(key: KeyObject): ImportParameters | null {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'rsa') {
    return (details?.modulusLength ?? 0) >= 2_048 ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } : null
  }
  if (type === 'ed25519') return { name: 'Ed25519' }
  const namedCurve = type === 'ec' ? curves[details?.namedCurve ?? ''] : undefined
  return namedCurve ? { name: 'ECDSA', namedCurve } : null
}

const curves: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

function describe({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const size = asymmetricKeyDetails?.modulusLength
  return `${asymmetricKeyType}${size ? ` with ${size} bits` : ''}`
}
