import { z } from 'zod'
import { pageOf, timestamp } from './list.ts'
import { line } from './text.ts'

/** Passwords: length is what counts (NIST SP 800-63B, 3.1.1.2). */
export const passwordLength = { min: 12, max: 128 } as const

/** What API keys may do. */
export const roles = ['admin'] as const

/** What callers may do: everything, or what is theirs. */
export const principalRoles = ['admin', 'person'] as const

export const password = z
  .string()
  .min(passwordLength.min, `At least ${passwordLength.min} characters`)
  .max(passwordLength.max, `At most ${passwordLength.max} characters`)

/** What `POST /setup` takes: the token of the one-time link and the first administrator. */
export const setupRequest = z
  .strictObject({
    token: z.string().min(1).max(200),
    name: line(100),
    email: z.email('Enter an e-mail address, for example ada@example.com').max(254),
    password,
  })
  .meta({ id: 'SetupRequest' })

/** What `POST /sign-in` takes. Lengths are bounded only: what the password must be was checked when it was set. */
export const signInRequest = z
  .strictObject({ email: z.string().min(1).max(254), password: z.string().min(1).max(1_000) })
  .meta({ id: 'SignInRequest' })

export const setupState = z
  .object({ required: z.boolean().describe('True until the first administrator exists') })
  .meta({ id: 'SetupState' })

/** The authenticated caller. */
export const principalRead = z
  .object({
    kind: z.enum(['session', 'api_key']),
    id: z.string(),
    name: z.string(),
    email: z.string().nullable().describe('null for an API key'),
    role: z
      .enum(principalRoles)
      .describe('`admin`: everything. `person`: what is theirs, and the apps that they are app admin of'),
  })
  .meta({ id: 'Principal' })

/** What the console needs to know about who is signed in. */
export const meRead = principalRead
  .extend({ app_admin_of: z.array(z.string()).describe('Ids of the apps that the caller is app admin of') })
  .meta({ id: 'Me' })

export const apiKeyCreate = z
  .strictObject({ name: line(100), role: z.enum(roles).default('admin') })
  .meta({ id: 'ApiKeyCreate' })

export const apiKeyRead = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    hint: z.string().describe('The first characters of the key, to recognise it by'),
    created_by: z.string().nullable(),
    created_at: timestamp,
    last_used_at: timestamp.nullable().describe('To the minute'),
  })
  .meta({ id: 'ApiKey' })

export const apiKeyCreated = apiKeyRead
  .extend({ key: z.string().describe('Shown this once') })
  .meta({ id: 'ApiKeyCreated' })
export const apiKeyPage = pageOf(apiKeyRead)

export type PrincipalRead = z.infer<typeof principalRead>
export type MeRead = z.infer<typeof meRead>
export type SetupRequest = z.infer<typeof setupRequest>
export type ApiKeyRead = z.infer<typeof apiKeyRead>
export type ApiKeyCreated = z.infer<typeof apiKeyCreated>
export type Role = (typeof roles)[number]
