import { z } from 'zod'
import { accessRequestCreate } from './access-request.ts'

/** A webhook at its place; the settings that decide whether it is asked. */
const webhookRef = z.object({
  id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  condition: z.string().nullable(),
})

/** One box of the picture of what runs when a request comes, in order. */
export const chainStep = z
  .object({
    kind: z.enum([
      'intake',
      'validation',
      'pre_approval',
      'approval',
      'provisioning',
      'expiry',
      'deprovisioning',
    ]),
    title: z.string(),
    text: z.string().describe('What happens here, in a sentence'),
    parts: z.array(
      z.object({
        label: z.string().describe('A rule, a step of approvers, a permission'),
        text: z.string(),
        webhooks: z.array(webhookRef),
        problem: z.string().nullable().describe('What is wrong here, for example a webhook that is disabled'),
      }),
    ),
  })
  .meta({ id: 'ChainStep' })

export const chainRead = z.object({ steps: z.array(chainStep) }).meta({ id: 'Chain' })

/** A made-up request; nothing is recorded but the tests that are sent. */
export const simulate = accessRequestCreate
  .omit({ app_id: true })
  .extend({
    webhooks: z
      .enum(['ask', 'assume_yes', 'assume_no'])
      .default('assume_yes')
      .describe('Really ask the webhooks (`test: true`), or assume their answer'),
  })
  .meta({ id: 'Simulate' })

export const simulationRead = z
  .object({
    result: z.enum(['rejected', 'pre_approved', 'needs_approval', 'approved']),
    steps: z.array(
      z.object({
        kind: chainStep.shape.kind,
        text: z.string(),
        result: z.enum(['yes', 'no', 'failed', 'skipped', 'assumed', 'info']),
        webhook: z.object({ id: z.string(), name: z.string() }).nullable(),
        delivery_id: z.string().nullable(),
        message: z.string().nullable(),
      }),
    ),
    payload: z.unknown().describe('What inline webhooks would be sent'),
  })
  .meta({ id: 'Simulation' })

export type WebhookRef = z.infer<typeof webhookRef>
export type ChainStep = z.infer<typeof chainStep>
export type ChainPart = ChainStep['parts'][number]
export type ChainRead = z.infer<typeof chainRead>
export type Simulate = z.infer<typeof simulate>
export type SimulationRead = z.infer<typeof simulationRead>
export type SimulationStep = SimulationRead['steps'][number]
