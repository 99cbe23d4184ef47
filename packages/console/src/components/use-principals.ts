import type { PrincipalRef } from '@keyhook/contract/api/access-parts.ts'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type PrincipalKind, principalApi } from '../principal-api.ts'
import { query } from '../query.ts'

/** Users and groups by their ids. One that is not in it is not known yet, or gone. */
export function usePrincipals(ids: readonly string[]): ReadonlyMap<string, PrincipalRef> {
  const { data } = useQuery({
    ...query(principalApi.named(ids)),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  })
  return new Map(ids.length === 0 ? [] : data?.value.data.map((principal) => [principal.id, principal]))
}

/** What a search finds, and whether it is still under way. */
export function usePrincipalSearch(text: string, kind: PrincipalKind | undefined) {
  const [settled] = useDebouncedValue(text.trim(), 200)
  const { data, isFetching, error } = useQuery({
    ...query(principalApi.search(settled, kind)),
    placeholderData: keepPreviousData,
  })
  return { found: data?.value.data ?? [], busy: isFetching || settled !== text.trim(), error }
}
