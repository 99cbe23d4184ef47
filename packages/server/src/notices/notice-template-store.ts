/** The words of notices as they were changed. */
import { createHash } from 'node:crypto'
import type { NoticeTemplateChange, NoticeTemplateRead } from '@keyhook/contract/api/notice.ts'
import { type NoticeKind, noticeKindTable } from '@keyhook/contract/notice-words.ts'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { type NoticeWords, noticeTemplates } from './notice-templates.ts'

export async function changedWords(db: Kysely<Tables>): Promise<Map<NoticeKind, Partial<NoticeWords>>> {
  const rows = await db.selectFrom('notice_templates').selectAll().execute()
  return new Map(
    rows.map(({ kind, subject, intro }) => [
      kind,
      { ...(subject === null ? {} : { subject }), ...(intro === null ? {} : { intro }) },
    ]),
  )
}

export function readTemplate(kind: NoticeKind, changed: Partial<NoticeWords> = {}): NoticeTemplateRead {
  const { subject, intro } = { ...noticeTemplates[kind], ...changed }
  const { label } = noticeKindTable[kind]
  return { kind, label, subject, intro, changed: Object.keys(changed).length > 0 }
}

/** For entity tags: another number for other words. */
export function versionOf({ subject, intro, changed }: NoticeTemplateRead): number {
  const hash = createHash('sha256').update(JSON.stringify([subject, intro, changed]))
  return Number.parseInt(hash.digest('hex').slice(0, 12), 16)
}

/** Changes of words take turns; ends with `tx`. */
export async function lockTemplates(tx: Transaction<Tables>): Promise<void> {
  await sql`select pg_advisory_xact_lock(4926473)`.execute(tx)
}

/** An absent member keeps, null goes back to the words that came with Keyhook. */
export async function writeTemplate(
  tx: Transaction<Tables>,
  kind: NoticeKind,
  { subject, intro }: NoticeTemplateChange,
): Promise<void> {
  const kept = (await changedWords(tx)).get(kind) ?? {}
  const words = {
    subject: subject === undefined ? (kept.subject ?? null) : subject,
    intro: intro === undefined ? (kept.intro ?? null) : intro,
  }
  await tx
    .insertInto('notice_templates')
    .values({ kind, ...words })
    .onConflict((conflict) => conflict.column('kind').doUpdateSet(words))
    .execute()
}
