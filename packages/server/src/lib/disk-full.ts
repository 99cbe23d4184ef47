/** Whether an error says that there is no room on a disk: of this machine, or of the one of PostgreSQL. */
export function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown }
    // `disk_full` in PostgreSQL's table of error codes.
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === '53100') return true
  }
  return false
}
