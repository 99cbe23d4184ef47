/**
 * Signed statements of where the log stood: so many entries, this head, at this time. Kept outside too, they show that
 * the tail was cut off or an old backup was put in place. Ed25519 over canonical JSON. Pure.
 */
import { parseSigningPublicKey, signEd25519, verifyEd25519 } from '@keyhook/contract/signing-key-pair.ts'
import { z } from 'zod'
import { canonicalBytes } from './event-chain.ts'

export const checkpointSchema = z
  .object({
    count: z.number().int().min(0).describe('How many entries there were, from the first ever on'),
    head: z
      .string()
      .regex(/^[0-9a-f]{128}$/)
      .describe('`event_hash` of the last of them'),
    time: z.iso.datetime(),
    public_key: z.string().describe('The key that verifies `signature`'),
    signature: z
      .string()
      .describe('Base64 of the Ed25519 signature over the other members as RFC 8785 writes them'),
  })
  .meta({ id: 'LogCheckpoint' })

export type Checkpoint = z.infer<typeof checkpointSchema>

export function signCheckpoint(privateKey: Uint8Array, said: Omit<Checkpoint, 'signature'>): Checkpoint {
  const signature = signEd25519(privateKey, canonicalBytes(said)).toString('base64')
  return { ...said, signature }
}

/** Whether the checkpoint was signed with `publicKey` (`whpk_…`). */
export function isSignedBy(publicKey: string, { signature, ...said }: Checkpoint): boolean {
  const key = parseSigningPublicKey(publicKey)
  if (key === null || said.public_key !== publicKey) return false
  return verifyEd25519(key, canonicalBytes(said), Buffer.from(signature, 'base64'))
}
