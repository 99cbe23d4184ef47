import { z } from 'zod'
import {
  approverTypes,
  intakeFieldTypes,
  permissionSources,
  provisioningPolicies,
  validationPolicies,
} from '../access-words.ts'
import { accessLengthSeconds, idOf, personRead, principalId, principalRef } from './access-parts.ts'
import { inactivityPolicy } from './last-used.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { atMostCharacters, line, paragraph } from './text.ts'

/** One step of an approval chain. */
export const approvalStep = z
  .strictObject({
    type: z
      .enum(approverTypes)
      .describe('`manager` of the target user, `app_admins`, or `named` users and groups'),
    principal_ids: z.array(principalId).max(50).default([]).describe('For `named`: who'),
    mode: z.enum(['any', 'all']).default('any').describe('One of them is enough, or all must approve'),
  })
  .superRefine((step, issues) => {
    if (step.type === 'named' && step.principal_ids.length === 0)
      issues.addIssue({ code: 'custom', path: ['principal_ids'], message: 'Name at least one user or group' })
    if (step.type !== 'named' && step.principal_ids.length > 0)
      issues.addIssue({ code: 'custom', path: ['principal_ids'], message: 'Only for steps of type named' })
  })
  .meta({ id: 'ApprovalStep' })

const attached = <Policies extends readonly [string, ...string[]]>(policies: Policies) =>
  z
    .strictObject({ webhook_id: idOf('wh'), failure_policy: z.enum(policies).default(policies[0] as never) })
    .nullable()
    .default(null)

/** Which webhook runs where, and what happens when it fails. */
export const attachedWebhooks = z
  .strictObject({
    request_validation: attached(validationPolicies).describe('Asked when a request comes'),
    provisioning: attached(provisioningPolicies).describe('Gives access'),
    deprovisioning: attached(provisioningPolicies).describe('Removes access'),
  })
  .meta({ id: 'AttachedWebhooks' })

/** In a change, a place that is left out stays as it is. */
const attachedChange = z.strictObject({
  request_validation: attached(validationPolicies).unwrap().optional(),
  provisioning: attached(provisioningPolicies).unwrap().optional(),
  deprovisioning: attached(provisioningPolicies).unwrap().optional(),
})

const celText = z.string().trim().min(1).max(2_000, atMostCharacters(2_000))

/** A question that requesters answer; sent as `custom_fields`. */
export const intakeField = z
  .strictObject({
    label: line(100)
      // A member of this name would not be one of the object.
      .refine((label) => label !== '__proto__', 'Choose another label')
      .describe('Also the name of the answer in custom_fields'),
    type: z.enum(intakeFieldTypes),
    required: z.boolean().default(false),
    help_text: paragraph(500).nullable().default(null),
    options: z.array(line(200)).max(200).default([]).describe('For choice and choices'),
    min: z.number().nullable().default(null).describe('Smallest number, or fewest characters or choices'),
    max: z.number().nullable().default(null).describe('Largest number, or most characters or choices'),
    shown_when: celText.nullable().default(null).describe('CEL over payload; null: always shown'),
    check: z
      .strictObject({ condition: celText, message: line(300) })
      .nullable()
      .default(null)
      .describe('CEL over payload that must hold, and what is said when it does not'),
  })
  .superRefine((field, issues) => {
    const choice = field.type === 'choice' || field.type === 'choices'
    const add = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message })
    if (choice && field.options.length === 0) add('options', 'Give at least one option')
    if (!choice && field.options.length > 0) add('options', 'Only for choice and choices')
    if (new Set(field.options).size !== field.options.length) add('options', 'Each option once')
    if (field.min !== null && field.max !== null && field.min > field.max) add('max', 'Not below min')
  })
  .meta({ id: 'IntakeField' })

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'Lower-case letters, digits, _ and -, for example demo_app')

const escalationSeconds = z
  .number()
  .int()
  .min(60)
  .max(90 * 86_400)
  .nullable()

const fields = {
  name: line(100),
  app_id: slug.describe('A readable name for programs; the same for each installation of an app'),
  instance_id: z
    .string()
    .regex(/^[\w.:-]{1,100}$/, 'Letters, digits, . : _ and -, at most 100')
    .describe('Names one installation of the app'),
  description: paragraph(2_000).nullable(),
  icon: z
    .string()
    .max(8)
    .refine((text) => !/[\p{Cc}<>&"']/u.test(text), 'One emoji or up to two letters')
    .nullable()
    .describe('An emoji or up to two letters'),
  category: line(60).nullable(),
  owner_id: idOf('usr').nullable(),
  admins: z.array(principalId).max(100).describe('App admins: users and groups'),
  visible_to: z.array(principalId).max(200).nullable().describe('Who may request it; null: everyone'),
  request_for_others: z.boolean().describe('Whether people may request it for a colleague'),
  access_lengths_seconds: z
    .array(accessLengthSeconds)
    .max(20)
    .describe('Lengths that may be asked for; null in it: without an end. Empty: any'),
  approvers: z.array(approvalStep).max(10).describe('The approval chain; empty: nobody is asked'),
  remind_after_seconds: escalationSeconds.describe('Approvers are reminded after this; null: never'),
  escalate_after_seconds: escalationSeconds.describe('App admins may decide too after this; null: never'),
  inactivity: inactivityPolicy.describe('What happens to access that is not used; null: nothing'),
  intake_fields: z
    .array(intakeField)
    .max(50)
    .superRefine((all, issues) => {
      const seen = new Set<string>()
      for (const [index, { label }] of all.entries()) {
        if (seen.has(label))
          issues.addIssue({ code: 'custom', path: [index, 'label'], message: 'Each label once' })
        seen.add(label)
      }
    }),
}

const day = 86_400

export const appCreate = z
  .strictObject({
    ...fields,
    app_id: fields.app_id.optional().describe('Made from the name when left out'),
    instance_id: fields.instance_id.optional().describe('Made when left out'),
    description: fields.description.default(null),
    icon: fields.icon.default(null),
    category: fields.category.default(null),
    owner_id: fields.owner_id.default(null),
    admins: fields.admins.default([]),
    visible_to: fields.visible_to.default(null),
    request_for_others: fields.request_for_others.default(true),
    access_lengths_seconds: fields.access_lengths_seconds.default([]),
    approvers: fields.approvers.default([{ type: 'app_admins', principal_ids: [], mode: 'any' }]),
    remind_after_seconds: fields.remind_after_seconds.default(day),
    escalate_after_seconds: fields.escalate_after_seconds.default(3 * day),
    inactivity: fields.inactivity.default(null),
    webhooks: attachedWebhooks.prefault({}),
    intake_fields: fields.intake_fields.default([]),
  })
  .meta({ id: 'AppCreate' })

export const appChange = z
  .strictObject({ ...fields, webhooks: attachedChange })
  .partial()
  .meta({ id: 'AppChange' })

export const appRead = z
  .object({
    id: z.string(),
    ...fields,
    webhooks: attachedWebhooks,
    intake_fields: z.array(intakeField),
    owner: personRead.nullable(),
    admin_refs: z.array(principalRef).describe('The app admins by name'),
    archived: z.boolean(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'App' })

export const appPage = pageOf(appRead)
export const appListQuery = z.strictObject({
  ...pageQuery,
  q: z.string().max(100).optional().describe('Part of the name'),
  archived: z.enum(['true', 'false']).default('false'),
})

/** The answer to archiving an app or a permission: what becomes of what there is. */
export const archivedRead = z
  .object({
    live_grants: z.number().int().describe('Access that stays until it ends or is revoked'),
    cancelled_requests: z.number().int().describe('Requests that waited'),
  })
  .meta({ id: 'Archived' })

// Permissions

const permissionFields = {
  label: line(200),
  value: line(500).describe('What the receiver knows it by'),
  source: z.enum(permissionSources),
  description: paragraph(1_000).nullable(),
  approvers: z
    .array(approvalStep)
    .max(10)
    .nullable()
    .describe('Its own approval chain; null: that of the app'),
}

export const permissionCreate = z
  .strictObject({
    ...permissionFields,
    value: permissionFields.value.optional().describe('The label when left out'),
    source: permissionFields.source.default('MANUAL'),
    description: permissionFields.description.default(null),
    approvers: permissionFields.approvers.default(null),
    webhooks: attachedWebhooks
      .prefault({})
      .describe('In the place of those of the app; validation is asked beside it'),
  })
  .meta({ id: 'PermissionCreate' })

export const permissionChange = z
  .strictObject({ ...permissionFields, webhooks: attachedChange })
  .partial()
  .meta({ id: 'PermissionChange' })

export const permissionRead = z
  .object({
    id: z.string(),
    app_id: z.string().describe('Id of the app'),
    ...permissionFields,
    webhooks: attachedWebhooks,
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Permission' })

export const permissionPage = pageOf(permissionRead)

// The catalogue: what a person may request

export const catalogueItem = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    icon: z.string().nullable(),
    category: z.string().nullable(),
    held: z.number().int().describe('How many of its permissions the caller has'),
    requested: z.number().int().describe('How many open requests of the caller there are'),
  })
  .meta({ id: 'CatalogueItem' })

export const cataloguePage = pageOf(catalogueItem).extend({
  categories: z.array(z.string()).describe('Of all that the caller may request'),
})
export const catalogueQuery = z.strictObject({
  ...pageQuery,
  q: z.string().max(100).optional().describe('Part of the name, description or category'),
  category: z.string().max(60).optional(),
})

/** Everything that the form of a request needs. */
export const catalogueEntry = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    icon: z.string().nullable(),
    category: z.string().nullable(),
    owner: personRead.nullable(),
    request_for_others: z.boolean(),
    access_lengths_seconds: z.array(z.number().nullable()),
    permissions: z.array(
      z.object({
        id: z.string(),
        label: z.string(),
        description: z.string().nullable(),
        held: z.boolean().describe('The caller has it'),
      }),
    ),
    intake_fields: z.array(intakeField),
  })
  .meta({ id: 'CatalogueEntry' })

export type ApprovalStep = z.infer<typeof approvalStep>
export type AttachedWebhooks = z.infer<typeof attachedWebhooks>
export type IntakeField = z.infer<typeof intakeField>
export type AppCreate = z.infer<typeof appCreate>
export type AppChange = z.infer<typeof appChange>
export type AppRead = z.infer<typeof appRead>
export type PermissionCreate = z.infer<typeof permissionCreate>
export type PermissionChange = z.infer<typeof permissionChange>
export type PermissionRead = z.infer<typeof permissionRead>
export type ArchivedRead = z.infer<typeof archivedRead>
export type CatalogueItem = z.infer<typeof catalogueItem>
export type CatalogueEntry = z.infer<typeof catalogueEntry>
