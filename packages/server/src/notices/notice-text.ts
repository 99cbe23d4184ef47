/** From a template and what it is about to what is sent. Pure. Everything that comes from outside is text, never markup. */
import {
  type NoticeKind,
  type NoticePlaceholder,
  noticePlaceholders,
} from '@keyhook/contract/notice-words.ts'
import { cut } from '@keyhook/contract/show-text.ts'
import type { NoticeData } from '../db/notice-schema.ts'
import { noticeHtml } from './notice-html.ts'
import { type NoticeWords, noticeTemplates } from './notice-templates.ts'

export type RenderedNotice = {
  readonly subject: string
  readonly intro: string
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  /** The link with its label. */
  readonly action: { readonly label: string; readonly url: string }
  /** The whole of it as plain text and as HTML. */
  readonly text: string
  readonly html: string
}

export type NoticeInput = {
  readonly kind: NoticeKind
  readonly data: NoticeData
  /** Of the person who reads it; empty for channels. */
  readonly name: string
  readonly words?: Partial<NoticeWords> | undefined
  readonly baseUrl: string
  /** In the place of the link. */
  readonly url?: string | undefined
}

const maxValueLength = 1_000
const maxSubjectLength = 200

export function renderNotice({ kind, data, name, words = {}, baseUrl, url }: NoticeInput): RenderedNotice {
  const template = noticeTemplates[kind]
  const values: Record<NoticePlaceholder, string> = {
    app: plain(data.app),
    who: plain(data.who),
    what: plain(data.what),
    when: data.when ? whenText(data.when) : '',
    reason: plain(data.reason),
    name: plain(name),
  }
  const subject = oneLine(fill(words.subject ?? template.subject, values))
  const intro = tidy(fill(words.intro ?? template.intro, values))
  const facts = template.facts.flatMap(([placeholder, label]) =>
    values[placeholder] === '' ? [] : [{ label, value: values[placeholder] }],
  )
  const action = { label: template.action, url: url ?? `${baseUrl}${data.link}` }
  const notice = { subject, intro, facts, action }
  return { ...notice, text: noticeText(notice), html: noticeHtml(notice) }
}

function noticeText({ intro, facts, action }: Omit<RenderedNotice, 'text' | 'html'>): string {
  // Lines of a value are indented, so that none passes for a fact or the link.
  const lines = facts.map(({ label, value }) => `${label}: ${value.replaceAll('\n', '\n  ')}`)
  const parts = [intro, lines.join('\n'), `${action.label}: ${action.url}`]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** `{{app}}` and the like; what is no placeholder stays as it is. */
function fill(template: string, values: Record<NoticePlaceholder, string>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) =>
    isPlaceholder(name) ? values[name] : whole,
  )
}

function isPlaceholder(name: string): name is NoticePlaceholder {
  return (noticePlaceholders as readonly string[]).includes(name)
}

/** The first placeholder that there is not, and where; null when all are right. */
export function unknownPlaceholder(template: string): { name: string; line: number; column: number } | null {
  for (const match of template.matchAll(/\{\{([^{}]*)(\}\})?/g)) {
    const [whole, name = '', closed] = match
    if (closed !== undefined && isPlaceholder(name)) continue
    const before = template.slice(0, match.index).split('\n')
    return { name: whole, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  }
  return null
}

const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** Times in UTC, as there is no telling where a reader is. */
function whenText(iso: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? '' : `${dateTime.format(date)} UTC`
}

const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

/** Without control and bidirectional characters but for line breaks, and not too long. */
function plain(text: string | null | undefined): string {
  const kept = (text ?? '')
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(unsafe, (found) => (found === '\n' ? found : ' '))
  return shortened(tidy(kept), maxValueLength)
}

function tidy(text: string): string {
  return text
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** A header has one line: what would begin another is a space. */
function oneLine(text: string): string {
  return shortened(text.replace(/\s+/g, ' ').trim(), maxSubjectLength)
}

function shortened(text: string, max: number): string {
  return text.length > max ? `${cut(text, max - 1)}…` : text
}
