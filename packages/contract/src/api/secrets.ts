import { z } from 'zod'

/** What a rotation of the encryption key did, and which keys are still needed. */
export const secretsRotated = z
  .object({
    newest_key: z.string().describe('Id of the key that new secrets are wrapped with'),
    rewrapped: z.int().describe('Secrets that were wrapped with an older key and now are with the newest'),
    keys_in_use: z
      .array(z.string())
      .describe('Ids of the keys that stored secrets need; others can be removed'),
  })
  .meta({ id: 'SecretsRotated' })

export type SecretsRotated = z.infer<typeof secretsRotated>
