import { createPrivateKey, createPublicKey } from 'node:crypto'
import { formatSigningPublicKey } from '@keyhook/contract/signing-key-pair.ts'
import type { Context } from '../context.ts'
import { installationSecret } from '../db/installation-secret.ts'

/** What chains the log and signs its checkpoints: made once, kept sealed. */
export type LogKeys = {
  /** 32 bytes, of the HMAC. */
  readonly chain: Uint8Array
  /** 32 bytes, Ed25519. */
  readonly signing: Uint8Array
  /** `whpk_…` */
  readonly publicKey: string
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8. Source: RFC 8410. */
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex')

export async function readLogKeys({ db, secretBox }: Pick<Context, 'db' | 'secretBox'>): Promise<LogKeys> {
  const chain = await installationSecret(db, secretBox, 'log_key')
  const signing = await installationSecret(db, secretBox, 'log_signing_key')
  const privateKey = createPrivateKey({
    key: Buffer.concat([privateHead, signing]),
    format: 'der',
    type: 'pkcs8',
  })
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return { chain, signing, publicKey: formatSigningPublicKey(spki.subarray(-32)) }
}
