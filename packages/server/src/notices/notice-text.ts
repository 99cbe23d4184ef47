/** From a template and what it is about to what is sent. Pure. Everything that comes from outside is text, never markup. */
import {
  type NoticeKind,
  type NoticePlaceholder,
  noticePlaceholders,
} from '@keyhook/contract/notice-words.ts'
import type { NoticeData } from '../db/notice-schema.ts'
import { type NoticeWords, noticeTemplates } from './notice-templates.ts'

export type RenderedNotice = {
  readonly subject: string
  readonly text: string
  readonly html: string
  /** The link with its label. */
  readonly action: { readonly label: string; readonly url: string }
  /** The text without the link. */
  readonly body: string
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
  const body = fill(words.intro ?? template.intro, values)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  const action = { label: template.action, url: url ?? `${baseUrl}${data.link}` }
  return {
    subject,
    body,
    action,
    text: `${body}\n\n${action.label}: ${action.url}\n`,
    html: htmlOf(subject, body, action),
  }
}

/** `{{app}}` and the like; what is no placeholder stays as it is. */
function fill(template: string, values: Record<NoticePlaceholder, string>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) =>
    (noticePlaceholders as readonly string[]).includes(name) ? values[name as NoticePlaceholder] : whole,
  )
}

/** The first placeholder that there is not, and where; null when all are right. */
export function unknownPlaceholder(template: string): { name: string; line: number; column: number } | null {
  for (const match of template.matchAll(/\{\{([^}]*)\}\}?/g)) {
    const [whole, name = ''] = match
    if (whole.endsWith('}}') && (noticePlaceholders as readonly string[]).includes(name)) continue
    const before = template.slice(0, match.index).split('\n')
    return { name: whole, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  }
  return null
}

/** Times in UTC, as there is no telling where a reader is. */
function whenText(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  return `(${date.toISOString().slice(0, 16).replace('T', ' ')} UTC)`
}

const controls = /[\p{Cc}\p{Bidi_Control}]/gu

/** Without control characters, at most 1,000 characters. */
function plain(text: string | null | undefined): string {
  const kept = (text ?? '')
    .replace(/\r\n?/g, '\n')
    .replace(controls, (found) => (found === '\n' ? found : ''))
  return kept.length > 1_000 ? `${kept.slice(0, 999)}…` : kept
}

/** A header has one line: what would begin another is a space. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200)
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

function htmlOf(subject: string, body: string, action: { label: string; url: string }): string {
  const paragraphs = body
    .split('\n\n')
    .map((part) => `<p>${escapeHtml(part).replaceAll('\n', '<br>')}</p>`)
    .join('\n')
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="font-family: system-ui, sans-serif; font-size: 16px; line-height: 1.5; color: #1a1d21; max-width: 36em; margin: 24px auto; padding: 0 16px">
${paragraphs}
<p><a href="${escapeHtml(action.url)}" style="display: inline-block; padding: 10px 18px; border-radius: 6px; background: #1c5fd6; color: #ffffff; text-decoration: none">${escapeHtml(action.label)}</a></p>
</body>
</html>
`
}
