/**
 * Signed statements of where the log stood: so many entries, this head, at this time. Kept outside too, they show that
 * the tail was cut off or an old backup was put in place. Ed25519 over canonical JSON. Pure.
 */
import type { LogCheckpoint } from '@keyhook/contract/api/event.ts'
import { parseSigningPublicKey, signEd25519, verifyEd25519 } from '@keyhook/contract/signing-key-pair.ts'
import { canonicalBytes } from './event-chain.ts'

export function signCheckpoint(
  privateKey: Uint8Array,
  said: Omit<LogCheckpoint, 'signature'>,
): LogCheckpoint {
  const signature = signEd25519(privateKey, canonicalBytes(said)).toString('base64')
  return { ...said, signature }
}

/** Whether the checkpoint was signed with `publicKey` (`whpk_…`). */
export function isSignedBy(publicKey: string, { signature, ...said }: LogCheckpoint): boolean {
  const key = parseSigningPublicKey(publicKey)
  if (key === null || said.public_key !== publicKey) return false
  return verifyEd25519(key, canonicalBytes(said), Buffer.from(signature, 'base64'))
}
