import { z } from 'zod'
import { webhookTypes } from '../webhook-type.ts'
import { jsonObject } from './delivery.ts'
import { timestamp } from './list.ts'
import { condition } from './webhook-settings.ts'

export const conditionPreview = z
  .strictObject({
    condition,
    type: z.enum(webhookTypes).describe('Whose example payload it is evaluated against'),
    webhook_id: z
      .string()
      .max(100)
      .optional()
      .describe('Also against the last real payloads of this webhook; of a SIEM webhook, the last events'),
    payload: jsonObject.optional().describe('Only against this one'),
  })
  .meta({ id: 'ConditionPreview' })

export const conditionPreviewRead = z
  .object({
    results: z.array(
      z.object({
        source: z.enum(['example', 'payload', 'delivery']),
        delivery_id: z.string().nullable(),
        created_at: timestamp.nullable().describe('Of the delivery, or of the event'),
        event_id: z.string().nullable().describe('The event of a SIEM delivery: each is evaluated by itself'),
        event_type: z.string().nullable(),
        holds: z
          .boolean()
          .nullable()
          .describe('null: it cannot be evaluated, which fails a delivery; such an event is sent to a SIEM'),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ConditionPreviewResult' })

export type ConditionPreviewRead = z.infer<typeof conditionPreviewRead>
