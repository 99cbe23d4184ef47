/** An activity log of many months, written by the database. Its hashes fit nothing. */
import { sql } from 'kysely'
import { migrate } from '../../packages/server/src/db/migrate.ts'
import { openDatabase } from '../../packages/server/src/db/open.ts'
import { ensurePartition } from '../../packages/server/src/events/log-partitions.ts'
import { systemClock } from '../../packages/server/src/lib/clock.ts'
import { openLog } from '../../packages/server/src/lib/log.ts'

/** The log is so old. */
const days = 180
export const actors = 200
/** So many entries tell of the one ticket, however many there are. */
export const ofOneTicket = 60

export type FilledLog = {
  /** Position of the last entry. */
  readonly end: number
  /** A day in the middle. */
  readonly from: string
  readonly to: string
}

export const actorOfNumber = (n: number) => `usr_${n.toString(16).padStart(32, '0')}`

/**
 * Fills the log of an empty database, before a server starts on it. One in two entries is a decision of a webhook, one in two
 * hundred a setting that an administrator changed; one in fifty failed; actors take turns.
 */
export async function fillLog(url: string, count: number): Promise<FilledLog> {
  const database = await openDatabase({ url, dataDir: null }, openLog('error', null))
  const { db } = database
  const ends = Date.now() - 3_600_000
  const timeOf = (position: number) => new Date(ends - ((count - position) / count) * days * 86_400_000)
  try {
    await migrate(db, systemClock)
    await db.transaction().execute(async (tx) => {
      for (let day = 0; day <= days; day += 20) await ensurePartition(tx, timeOf((count * day) / days))
      await ensurePartition(tx, new Date())
    })
    const everyTicket = Math.max(1, Math.floor(count / ofOneTicket))
    for (let from = 1; from <= count; from += 50_000) {
      const to = Math.min(count, from + 50_000 - 1)
      await sql`
        with numbers as (
          select n, ${timeOf(0)}::timestamptz + ${days} * interval '1 day' * (n::float8 / ${count}) as at,
            n * 7919 % ${actors} as actor, n * 104729 % 1000 as app, n % 50 = 0 as is_failed,
            lpad(to_hex((extract(epoch from ${timeOf(0)}::timestamptz + ${days} * interval '1 day' * (n::float8 / ${count})) * 1000)::bigint), 12, '0') ||
              '7' || lpad(to_hex(n), 19, '0') as tail,
            (array['APP_STORE_CREATE_ACCESS_REQUEST', 'APP_STORE_INLINE_WEBHOOK_PRE_APPROVAL_FOR_ACCESS_REQUEST',
              'APP_STORE_APPROVE_ACCESS_REQUEST', 'APP_STORE_INLINE_WEBHOOK_PROVISIONING_FOR_ACCESS_REQUEST'])[1 + n % 4] as common
          from generate_series(${from}::bigint, ${to}::bigint) as n
        ), told as (
          select *, case when n % 200 = 17 then 'ACCESS_REVIEW_UPDATED' else common end as type,
            case when n % ${everyTicket} = 0 then 'CHG4711' else 'CHG' || (1000000 + n / 4) end as ticket,
            'usr_' || lpad(to_hex(actor), 32, '0') as actor_id, 'req_' || lpad(to_hex(n / 4), 32, '0') as request_id,
            'app_' || lpad(to_hex(app), 32, '0') as app_id
          from numbers
        )
        insert into events (position, logged_at, id, type, actor, targets, metadata, outcome, began_at, actor_id, request_id,
          app_id, target_ids, words, hash)
        select n, at, 'evt_' || tail, type,
          json_build_object('actor_type', 'USER', 'actor_data', json_build_object('id', actor_id, 'email',
            'person' || actor || '@example.com', 'given_name', 'Person', 'family_name', 'No' || actor)),
          json_build_array(json_build_object('target_type', 'APP_INSTANCE', 'target_data', json_build_object('id', app_id,
            'user_friendly_label', 'Application ' || app))),
          json_build_object('ticket', ticket, 'business_justification', 'Quarterly close, read-only access to billing'),
          case when is_failed then 'FAILED' else 'SUCCEEDED' end, at, actor_id, request_id, app_id, array[app_id],
          to_tsvector('simple', concat_ws(' ', type, actor_id, 'person' || actor || '@example.com', 'Person No' || actor,
            'APP_INSTANCE', app_id, 'Application ' || app, ticket, 'Quarterly close, read-only access to billing')),
          encode(sha512(tail::bytea), 'hex')
        from told`.execute(db)
    }
    await sql`
      update log_head set position = ${count}, hash = last.hash, logged_at = last.logged_at,
        checkpoint_position = ${count}, checkpoint_at = last.logged_at
      from (select hash, logged_at from events where position = ${count}) as last`.execute(db)
    await sql`vacuum analyze`.execute(db)
  } finally {
    await database.close()
  }
  const middle = Math.floor(count / 2)
  return {
    end: count,
    from: timeOf(middle).toISOString(),
    to: timeOf(middle + count / days).toISOString(),
  }
}
