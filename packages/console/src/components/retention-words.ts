/** The retention of the activity log, in words. Pure. */
import type { LogRetentionRead } from '@keyhook/contract/api/log-retention.ts'

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** `12 bytes`, `3.4 MB`, `120 GB`. */
export function sizeWords(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000
    unit += 1
  }
  const digits = unit > 0 && value < 10 ? 1 : 0
  return `${value.toFixed(digits)} ${units[unit]}`
}

/** What keeps the next month in the log although it is old enough; null: nothing does. */
export function waitWords({ next, problem }: Pick<LogRetentionRead, 'next' | 'problem'>): string | null {
  if (next?.waits_for === 'hold') return 'It stays because of the legal hold.'
  if (next?.waits_for === 'stream') return 'It stays until every SIEM webhook has got all of it.'
  return next?.waits_for === 'problem' ? problem : null
}
