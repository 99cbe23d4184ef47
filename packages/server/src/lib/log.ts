import { existsSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { destination, type Logger, pino } from 'pino'

export type Log = Logger

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

const rotateAtBytes = 10 * 1024 * 1024

/**
 * The structured log: JSON lines on standard output, or in `<folder>/keyhook.log` (one older file is kept beside it).
 * Nothing that may hold a secret is ever passed to it: requests are logged by method, route and status only.
 */
export function openLog(level: LogLevel, folder: string | null): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  if (folder === null) return pino(options)
  const file = path.join(folder, 'keyhook.log')
  if (existsSync(file) && statSync(file).size > rotateAtBytes) renameSync(file, `${file}.1`)
  return pino(options, destination({ dest: file, mkdir: true, sync: false, mode: 0o600 }))
}
