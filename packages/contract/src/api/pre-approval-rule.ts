import { z } from 'zod'
import { preApprovalPolicies } from '../access-words.ts'
import { accessLengthSeconds, idOf } from './access-parts.ts'
import { pageOf, timestamp } from './list.ts'
import { atMostCharacters, line, paragraph } from './text.ts'

const fields = {
  name: line(100),
  enabled: z.boolean(),
  user_ids: z.array(idOf('usr')).max(200).describe('For whom; with group_ids empty too: everyone'),
  group_ids: z.array(idOf('grp')).max(200),
  permission_ids: z.array(idOf('perm')).max(200).describe('Which permissions; empty: all of the app'),
  condition: z
    .string()
    .trim()
    .min(1)
    .max(2_000, atMostCharacters(2_000))
    .nullable()
    .describe('CEL over payload that must hold too'),
  webhook_ids: z.array(idOf('wh')).max(10).describe('Pre-approval webhooks: all must say yes'),
  failure_policy: z
    .enum(preApprovalPolicies)
    .describe('When a webhook failed: leave it to the approvers, or refuse the request'),
  access_length_seconds: accessLengthSeconds.describe(
    'The longest access that the rule gives; longer ones are not pre-approved. null: any',
  ),
  business_justification: paragraph(1_000).nullable().describe('Goes into the log'),
}

export const preApprovalRuleCreate = z
  .strictObject({
    ...fields,
    name: fields.name.default('Pre-approval rule'),
    enabled: fields.enabled.default(true),
    user_ids: fields.user_ids.default([]),
    group_ids: fields.group_ids.default([]),
    permission_ids: fields.permission_ids.default([]),
    condition: fields.condition.default(null),
    webhook_ids: fields.webhook_ids.default([]),
    failure_policy: fields.failure_policy.default('ask_approvers'),
    access_length_seconds: fields.access_length_seconds.default(null),
    business_justification: fields.business_justification.default(null),
    position: z.number().int().min(0).optional().describe('Where in the order; left out: at the end'),
  })
  .meta({ id: 'PreApprovalRuleCreate' })

export const preApprovalRuleChange = z
  .strictObject({ ...fields, position: z.number().int().min(0) })
  .partial()
  .meta({ id: 'PreApprovalRuleChange' })

export const preApprovalRuleRead = z
  .object({
    id: z.string(),
    app_id: z.string().describe('Id of the app'),
    ...fields,
    position: z.number().int(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'PreApprovalRule' })

export const preApprovalRulePage = pageOf(preApprovalRuleRead)

export type PreApprovalRuleCreate = z.infer<typeof preApprovalRuleCreate>
export type PreApprovalRuleChange = z.infer<typeof preApprovalRuleChange>
export type PreApprovalRuleRead = z.infer<typeof preApprovalRuleRead>
