import type { CatalogueEntry } from '@keyhook/contract/api/app.ts'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { accessActions, type CheckBody } from '../access-api.ts'
import { checkBodyOf, isConditional, type RequestValues } from './request-values.ts'

const debounceMs = 250

/** What the server says about a request that is being filled in. */
export function requestCheck(appId: string, body: CheckBody) {
  return queryOptions({
    queryKey: ['/catalogue/check', appId, JSON.stringify(body)],
    queryFn: ({ signal }) => accessActions.requestCheck(appId, body, signal),
    staleTime: 60_000,
  })
}

/** Labels of the fields that are asked for with these values; null for an app whose fields depend on nothing. */
export function useShownFields(entry: CatalogueEntry, values: RequestValues): readonly string[] | null {
  const conditional = isConditional(entry.intake_fields)
  // A text is not looked at with each of its letters.
  const [settled] = useDebouncedValue(values, debounceMs)
  const { data } = useQuery({
    ...requestCheck(entry.id, checkBodyOf(settled)),
    enabled: conditional,
    placeholderData: keepPreviousData,
  })
  return conditional ? (data?.shown ?? null) : null
}
