import { causesOf } from './error-causes.ts'

/** `disk_full` in PostgreSQL's table of error codes is 53100. */
const fullCodes = new Set(['ENOSPC', 'EDQUOT', '53100'])

/** Whether an error says that there is no room on a disk: of this machine, or of the one of PostgreSQL. */
export function isDiskFull(error: unknown): boolean {
  return causesOf(error).some(({ code }) => code !== null && fullCodes.has(code))
}
