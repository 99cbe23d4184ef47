/** Many requests like one that was really made: rows of the database, made by the database. */
import { Client } from 'pg'

/** Runs statements one after the other on a connection of their own. */
export async function runSql(
  databaseUrl: string,
  ...statements: { text: string; values?: unknown[] }[]
): Promise<Record<string, unknown>[]> {
  const database = new Client({ connectionString: databaseUrl })
  await database.connect()
  try {
    let rows: Record<string, unknown>[] = []
    for (const { text, values = [] } of statements) rows = (await database.query(text, values)).rows
    return rows
  } finally {
    await database.end()
  }
}

/**
 * Copies a request with its grants and tasks `count` times, each for another user of `addUsers`, who are gone through again
 * and again; open work goes to that user too. Ids are older than those made now, and begin with the time as all do.
 */
export async function multiplyRequest(
  databaseUrl: string,
  requestId: string,
  { count, users, mark }: { count: number; users: number; mark: number },
): Promise<void> {
  for (let from = 1; from <= count; from += 50_000) {
    const to = Math.min(count, from + 50_000 - 1)
    // `mark` keeps the copies of several requests apart.
    const numbers = `(select n, 'usr_' || lpad(to_hex(1 + n % ${users}), 32, '0') as person,
      lpad(to_hex(1700000000000 + n), 12, '0') || '7' || lpad(to_hex(n), 18, '0') || '${mark}' as tail
      from generate_series(${from}, ${to}) as n) as numbers`
    const copy = (table: string, members: string, where = 'of.request_id = $1') => ({
      text: `insert into ${table} select (jsonb_populate_record(of, jsonb_build_object(${members}))).*
        from ${table} as of cross join ${numbers} where ${where}`,
      values: [requestId],
    })
    await runSql(
      databaseUrl,
      copy(
        'access_requests',
        "'id', 'req_' || tail, 'requester_id', person, 'target_user_id', person",
        'of.id = $1',
      ),
      copy('grants', "'id', 'gra_' || tail, 'request_id', 'req_' || tail, 'user_id', person"),
      copy('tasks', "'id', 'tsk_' || tail, 'request_id', 'req_' || tail"),
      {
        text: `insert into task_assignees (task_id, principal_id, open)
          select 'tsk_' || tail, person, tasks.status = 'open' from tasks cross join ${numbers} where tasks.request_id = $1`,
        values: [requestId],
      },
      {
        text: `insert into open_requests (target_user_id, permission_id, extension, request_id)
          select person, permission_id, extension, 'req_' || tail from open_requests cross join ${numbers}
          where request_id = $1 on conflict do nothing`,
        values: [requestId],
      },
    )
  }
}
