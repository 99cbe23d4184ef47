import { causesOf } from './error-causes.ts'

/** Connection failures of Node, and what PostgreSQL says of itself when it cannot take work. */
const awayCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'],
  // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections, read_only_sql_transaction.
  ...['57P01', '57P02', '57P03', '53300', '25006'],
])

/**
 * Whether an error of the database says that it does not answer, or takes no writes for now: nothing is wrong with what was
 * asked, and it may be asked again. Source: PostgreSQL's table of error codes; class 08 is about connections.
 */
export function isDatabaseAway(error: unknown): boolean {
  return causesOf(error).some(
    ({ code, message }) =>
      (code !== null && (awayCodes.has(code) || code.startsWith('08'))) ||
      // What `pg` says of a connection that ended under a query has no code.
      message === 'Connection terminated unexpectedly',
  )
}
