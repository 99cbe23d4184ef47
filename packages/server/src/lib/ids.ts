import { v7 } from 'uuid'
import { pooledRandomBytes } from './random-pool.ts'

/** The prefixes of ids, one per noun. */
export type IdPrefix =
  | 'wh'
  | 'dlv'
  | 'att'
  | 'key'
  | 'prc'
  | 'sbx'
  | 'sgk'
  | 'usr'
  | 'grp'
  | 'off'
  | 'sct'
  | 'evt'
  | 'app'
  | 'perm'
  | 'fld'
  | 'par'
  | 'req'
  | 'grt'
  | 'tsk'
  | 'ntc'
  | 'nch'
  | 'rvw'
  | 'rvi'
  | 'str'
  | 'hld'
  | 'ssr'

/** A new id, `<prefix>_<UUIDv7 as 32 hex digits>`: ids of one prefix sort by time. `at` in epoch milliseconds. */
export function newId(prefix: IdPrefix, at: number = Date.now()): string {
  return `${prefix}_${v7({ msecs: at, rng: () => pooledRandomBytes(16) }).replaceAll('-', '')}`
}

/** The smallest id of this prefix that can be made at `at`: turns a time into a bound on ids. */
export function firstIdAt(prefix: IdPrefix, at: number): string {
  return `${prefix}_${Math.max(0, at).toString(16).padStart(12, '0').slice(-12)}`
}

/** When an id was made, to the millisecond. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(id.indexOf('_') + 1).slice(0, 12), 16))
}
