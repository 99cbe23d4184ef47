import { useParams, useSearch } from '@tanstack/react-router'

type Raw = Record<string, unknown>

/** A search parameter as text; undefined when it is absent, empty or something else. */
export function text(raw: Raw, name: string): string | undefined {
  const value = raw[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A search parameter that must be one of a list. */
export function oneOf<Value extends string>(
  raw: Raw,
  name: string,
  allowed: readonly Value[],
): Value | undefined {
  const value = text(raw, name)
  return allowed.find((one) => one === value)
}

/** The address's search, read by the page's own parser. */
export function useSearchAs<Search>(parse: (raw: Raw) => Search): Search {
  return parse(useSearch({ strict: false }) as Raw)
}

/** The `$id` of the route. */
export function useId(): string {
  return useParam('id')
}

/** A parameter of the route's path by its name. */
export function useParam(name: string): string {
  const value = (useParams({ strict: false }) as Record<string, string | undefined>)[name]
  if (value === undefined) throw new Error(`This page is used on a route without ${name}`)
  return value
}
