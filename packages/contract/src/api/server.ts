import { z } from 'zod'

/** What a client may know about the server it talks to. */
export const serverRead = z
  .object({
    version: z.string(),
    profile: z.enum(['try_it', 'server']).describe('`try_it` when only this machine can reach it'),
    base_url: z.string(),
    endpoint_urls: z.object({
      http: z.boolean().describe('http: endpoint URLs are allowed'),
      allowed: z.array(z.string()).describe('Ranges, names and ports that the operator opened'),
    }),
    sandbox: z.boolean().describe('The sandbox receiver is on'),
  })
  .meta({ id: 'Server' })

export type ServerRead = z.infer<typeof serverRead>
