import { z } from 'zod'
import { principalRef } from './access-parts.ts'

const mostIds = 200

export const principalQuery = z.strictObject({
  q: z.string().trim().max(100).optional().describe('Part of the name or the e-mail address'),
  ids: z
    .string()
    .max(mostIds * 40)
    .transform((text) => text.split(',').filter((id) => id !== ''))
    .refine((ids) => ids.length <= mostIds, `At most ${mostIds} ids`)
    .optional()
    .describe('Only these, with commas between them; also those that are deactivated'),
  kind: z.enum(['user', 'group']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(20).describe('How many of each kind'),
})

/** Users and groups by name. */
export const principalList = z.object({ data: z.array(principalRef) }).meta({ id: 'PrincipalList' })
