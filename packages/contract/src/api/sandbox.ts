import { z } from 'zod'
import { timestamp } from './list.ts'

/** A way the sandbox receiver can answer, each at an endpoint URL of its own. */
export const sandboxBehaviour = z.object({
  id: z.string(),
  label: z.string(),
  description: z.string().describe('What it answers and how Keyhook reads that'),
  endpoint_url: z.string(),
})

/** A request that the sandbox receiver got. */
export const sandboxRequest = z.object({
  id: z.string(),
  received_at: timestamp,
  behaviour: z.string(),
  webhook_type: z.string().nullable(),
  delivery_id: z.string().nullable(),
  signature: z.enum(['valid', 'invalid', 'missing', 'unknown_sender']),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  body: z.string(),
  answered: z.string().describe('What was sent back, in words'),
})

export const sandboxRead = z
  .object({
    enabled: z.boolean(),
    behaviours: z.array(sandboxBehaviour),
    requests: z.array(sandboxRequest).describe('The last 50, newest first'),
  })
  .meta({ id: 'Sandbox' })

export type SandboxRead = z.infer<typeof sandboxRead>
