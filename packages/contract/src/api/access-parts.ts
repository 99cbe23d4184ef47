/** Parts that several schemas of access governance share. */
import { z } from 'zod'

/** An id with one of these prefixes. */
export function idOf(...prefixes: string[]) {
  const example = `${prefixes[0]}_0192…`
  return z
    .string()
    .regex(new RegExp(`^(?:${prefixes.join('|')})_[0-9a-f]{32}$`), `Must be an id such as ${example}`)
}

const tenYearsSeconds = 10 * 366 * 86_400

/** Seconds that access lasts; null: without an end. */
export const accessLengthSeconds = z
  .number()
  .int()
  .min(60, 'At least 60 seconds')
  .max(tenYearsSeconds, 'At most ten years')
  .nullable()

/** A user or a group: whom a setting names. */
export const principalId = idOf('usr', 'grp')

/** A person as others see them. */
export const personRead = z
  .object({ id: z.string(), name: z.string(), email: z.string() })
  .meta({ id: 'Person' })

/** A user or group by name, for lists of them. */
export const principalRef = z
  .object({ id: z.string(), name: z.string(), kind: z.enum(['user', 'group']), active: z.boolean() })
  .meta({ id: 'PrincipalRef' })

export type PersonRead = z.infer<typeof personRead>
export type PrincipalRef = z.infer<typeof principalRef>
