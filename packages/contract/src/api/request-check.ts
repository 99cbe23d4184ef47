import { z } from 'zod'
import { idOf } from './access-parts.ts'
import { accessRequestCreate } from './access-request.ts'

/** What `POST /catalogue/{id}/check` takes: a request as far as it is filled in. */
export const requestCheck = accessRequestCreate
  .omit({ app_id: true, permission_ids: true })
  .extend({ permission_ids: z.array(idOf('perm')).max(50).default([]) })
  .meta({ id: 'RequestCheck' })

export const requestCheckRead = z
  .object({
    shown: z.array(z.string()).describe('Labels of the intake fields that are asked for with these answers'),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .describe('What would be refused; pointers into the body'),
  })
  .meta({ id: 'RequestCheckRead' })

export type RequestCheckRead = z.infer<typeof requestCheckRead>
