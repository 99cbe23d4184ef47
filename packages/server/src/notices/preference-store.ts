/** How a person wants to be told. Without a word of theirs: everything by mail. */
import type { NoticePreferencesChange, NoticePreferencesRead } from '@keyhook/contract/api/notice.ts'
import { noticeGroups } from '@keyhook/contract/notice-words.ts'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { NoticePreferenceTable } from '../db/notice-schema.ts'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { validationFailed } from '../lib/problem-error.ts'
import { requireOwnChatUrl } from './chat-sender.ts'
import { chatUrlPlace } from './notice-secrets.ts'

type Row = Selectable<NoticePreferenceTable>
type Facts = Omit<NoticePreferencesRead, 'mail_available' | 'email'>

export async function readPreferences({ db }: Pick<Context, 'db'>, userId: string): Promise<Facts> {
  return factsOf(await findRow(db, userId))
}

async function findRow(db: Kysely<Tables>, userId: string): Promise<Row | undefined> {
  return db.selectFrom('notice_preferences').selectAll().where('user_id', '=', userId).executeTakeFirst()
}

function factsOf(row: Row | undefined): Facts {
  const choices = noticeGroups.map((group) => [group, row?.choices[group] ?? 'mail'])
  return {
    ...(Object.fromEntries(choices) as Omit<Facts, 'chat'>),
    chat: row?.chat_kind && row.chat_host ? { kind: row.chat_kind, host: row.chat_host } : null,
  }
}

/** Throws 422 for an address that cannot be posted to, and for what is to go to a chat that is not there. */
export async function changePreferences(
  ctx: Context,
  person: { id: string; email: string },
  change: NoticePreferencesChange,
  actor: Actor,
): Promise<void> {
  const { chat } = change
  const host = chat ? await requireOwnChatUrl(ctx, chat.url, '/chat/url') : null
  await ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const before = await lockRow(tx, person.id)
    const next: Row = {
      ...before,
      choices: choicesAfter(before, change),
      ...(chat === null && { chat_kind: null, chat_host: null, sealed_chat_url: null }),
      ...(chat && {
        chat_kind: chat.kind,
        chat_host: host,
        sealed_chat_url: ctx.secretBox.seal(chatUrlPlace(person.id), Buffer.from(chat.url)),
      }),
    }
    requireChat(next, change)
    const { user_id, choices, ...chatColumns } = next
    await tx
      .updateTable('notice_preferences')
      .set({ choices: JSON.stringify(choices), ...chatColumns })
      .where('user_id', '=', user_id)
      .execute()
    await appendEvents(tx, now, [
      {
        type: 'DIRECTORY_UPDATED_NOTICE_PREFERENCES',
        actor,
        targets: [{ type: 'USER', data: person }],
        metadata: { before: factsOf(before), after: factsOf(next) },
      },
    ])
  })
}

/** Two changes at the same time take turns. */
async function lockRow(tx: Transaction<Tables>, userId: string): Promise<Row> {
  const none = { chat_kind: null, sealed_chat_url: null, chat_host: null }
  await tx
    .insertInto('notice_preferences')
    .values({ user_id: userId, choices: '{}', ...none })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return tx
    .selectFrom('notice_preferences')
    .selectAll()
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

/** Without a chat, what went there goes by mail. */
function choicesAfter({ choices }: Row, change: NoticePreferencesChange): Row['choices'] {
  const after: Row['choices'] = {}
  for (const group of noticeGroups) {
    const kept = change.chat === null && choices[group] === 'chat' ? 'mail' : choices[group]
    const choice = change[group] ?? kept
    if (choice !== undefined) after[group] = choice
  }
  return after
}

function requireChat({ choices, sealed_chat_url }: Row, change: NoticePreferencesChange): void {
  if (sealed_chat_url !== null) return
  const errors = noticeGroups
    .filter((group) => choices[group] === 'chat' && change[group] !== undefined)
    .map((group) => ({
      pointer: `/${group}`,
      detail: 'Set a chat of your own first, or choose mail or none.',
    }))
  if (errors.length > 0) throw validationFailed(errors)
}
