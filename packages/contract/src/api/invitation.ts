import { z } from 'zod'
import { password } from './access.ts'
import { timestamp } from './list.ts'

const token = z.string().min(1).max(200).describe('What stands behind #token= in the link')

export const invitationCreated = z
  .object({
    url: z.string().describe('The one-time link; shown this once'),
    expires_at: timestamp,
    mailed: z.boolean().describe('A mail with the link is on its way to the user'),
  })
  .meta({ id: 'InvitationCreated' })

export const invitationToken = z.strictObject({ token }).meta({ id: 'InvitationToken' })

export const invitationRead = z
  .object({
    email: z.string(),
    name: z.string(),
    has_account: z.boolean().describe('There is a password already; a new one takes its place'),
    expires_at: timestamp,
  })
  .meta({ id: 'Invitation' })

export const invitationAccept = z.strictObject({ token, password }).meta({ id: 'InvitationAccept' })

export const passwordChange = z
  .strictObject({ current_password: z.string().min(1).max(1_000), new_password: password })
  .meta({ id: 'PasswordChange' })

export type InvitationCreated = z.infer<typeof invitationCreated>
export type InvitationRead = z.infer<typeof invitationRead>
export type InvitationAccept = z.infer<typeof invitationAccept>
export type PasswordChange = z.infer<typeof passwordChange>
