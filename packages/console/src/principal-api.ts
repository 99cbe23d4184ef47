import type { PrincipalRef } from '@keyhook/contract/api/access-parts.ts'
import { type Read, read } from './api.ts'

export type Principals = { data: PrincipalRef[] }
export type PrincipalKind = PrincipalRef['kind']

/** Users and groups by name, for fields that name them. */
export const principalApi = {
  search: (q: string, kind?: PrincipalKind): Read<Principals> => read('/principals', { q, kind, limit: 20 }),
  /** Sorted, so that the same ones in another order are not read again. */
  named: (ids: readonly string[]): Read<Principals> =>
    read('/principals', { ids: [...new Set(ids)].sort().join(',') }),
}
