import { z } from 'zod'
import {
  chatKinds,
  type NoticeKind,
  noticeChoices,
  noticeGroups,
  noticeKinds,
  noticePlaceholders,
  noticeStatuses,
  teamNoticeKinds,
} from '../notice-words.ts'
import { idOf, personRead } from './access-parts.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { line, paragraph } from './text.ts'
import { emailAddress } from './user.ts'

const kind = z.enum(noticeKinds as [NoticeKind, ...NoticeKind[]])
const chatUrl = z
  .string()
  .min(1)
  .max(2_048)
  .describe('An incoming webhook of Slack, Teams or something compatible. A secret: it is never shown again')

// A person's own choice

const choices = Object.fromEntries(noticeGroups.map((group) => [group, z.enum(noticeChoices)])) as Record<
  (typeof noticeGroups)[number],
  z.ZodEnum<{ mail: 'mail'; chat: 'chat'; none: 'none' }>
>

export const noticePreferencesRead = z
  .object({
    ...choices,
    chat: z
      .object({ kind: z.enum(chatKinds), host: z.string() })
      .nullable()
      .describe('null: none is set'),
    mail_available: z.boolean().describe('False: the operator has set up no mail'),
    email: z.string(),
  })
  .meta({ id: 'NoticePreferences' })

export const noticePreferencesChange = z
  .strictObject({
    ...choices,
    chat: z
      .strictObject({ kind: z.enum(chatKinds), url: chatUrl })
      .nullable()
      .describe('null forgets it'),
  })
  .partial()
  .meta({ id: 'NoticePreferencesChange' })

// Channels of a team

const channelFields = {
  name: line(100),
  kind: z.enum(chatKinds),
  url: chatUrl,
  app_ids: z
    .array(idOf('app'))
    .max(200)
    .nullable()
    .describe('Only what is about these apps; null: about every app'),
  kinds: z
    .array(z.enum(teamNoticeKinds))
    .max(teamNoticeKinds.length)
    .nullable()
    .describe('Only these kinds; null: all that are for teams'),
  enabled: z.boolean(),
}

export const noticeChannelCreate = z
  .strictObject({
    ...channelFields,
    app_ids: channelFields.app_ids.default(null),
    kinds: channelFields.kinds.default(null),
    enabled: channelFields.enabled.default(true),
  })
  .meta({ id: 'NoticeChannelCreate' })

export const noticeChannelChange = z.strictObject(channelFields).partial().meta({ id: 'NoticeChannelChange' })

export const noticeChannelRead = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(chatKinds),
    host: z.string().describe('Of the URL, which is not shown'),
    app_ids: channelFields.app_ids,
    kinds: channelFields.kinds,
    enabled: z.boolean(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'NoticeChannel' })

export const noticeChannelPage = pageOf(noticeChannelRead)

/** What came of sending something at once, to try it. */
export const noticeTestRead = z
  .object({ ok: z.boolean(), detail: z.string().describe('What the mail server or the chat answered') })
  .meta({ id: 'NoticeTest' })

export const mailTest = z.strictObject({ to: emailAddress }).meta({ id: 'MailTest' })

// Templates

const mayHold = `May hold ${noticePlaceholders.map((name) => `{{${name}}}`).join(', ')}. null: the words that came with Keyhook`
const notBlank = (text: string) => text.trim() !== ''

export const noticeTemplateRead = z
  .object({
    kind,
    label: z.string(),
    subject: z.string(),
    intro: z.string().describe('What is said before the facts and the link'),
    changed: z.boolean().describe('False: the words that came with Keyhook'),
  })
  .meta({ id: 'NoticeTemplate' })

export const noticeTemplateList = z
  .object({ data: z.array(noticeTemplateRead) })
  .meta({ id: 'NoticeTemplates' })

export const noticeTemplateChange = z
  .strictObject({
    subject: line(200).nullable().optional().describe(mayHold),
    intro: paragraph(2_000).refine(notBlank, 'Must not be empty').nullable().optional().describe(mayHold),
  })
  .meta({ id: 'NoticeTemplateChange' })

export const noticeTemplatePreview = z
  .object({ subject: z.string(), text: z.string(), html: z.string(), chat: z.string() })
  .meta({ id: 'NoticeTemplatePreview' })

// What was sent

export const noticeRead = z
  .object({
    id: z.string(),
    kind,
    channel: z.enum(['mail', 'chat', 'channel']),
    status: z.enum(noticeStatuses),
    to: personRead.nullable(),
    channel_name: z.string().nullable(),
    subject: z.string(),
    access_request_id: z.string().nullable(),
    attempts: z.number().int(),
    last_error: z
      .string()
      .nullable()
      .describe('What the mail server or the chat said, or why it was skipped'),
    next_attempt_at: timestamp.nullable(),
    created_at: timestamp,
    sent_at: timestamp.nullable(),
  })
  .meta({ id: 'Notice' })

export const noticePage = pageOf(noticeRead)
export const noticeListQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(noticeStatuses).optional(),
  kind: kind.optional(),
  user_id: z.string().max(100).optional(),
})

export type NoticePreferencesRead = z.infer<typeof noticePreferencesRead>
export type NoticePreferencesChange = z.infer<typeof noticePreferencesChange>
export type NoticeChannelCreate = z.infer<typeof noticeChannelCreate>
export type NoticeChannelChange = z.infer<typeof noticeChannelChange>
export type NoticeChannelRead = z.infer<typeof noticeChannelRead>
export type NoticeTemplateRead = z.infer<typeof noticeTemplateRead>
export type NoticeTemplatePreview = z.infer<typeof noticeTemplatePreview>
export type NoticeRead = z.infer<typeof noticeRead>
export type NoticeTemplateChange = z.infer<typeof noticeTemplateChange>
export type NoticeListQuery = z.infer<typeof noticeListQuery>
