import { text } from '../components/search-params.ts'

/** The request that the form is filled in from. */
export function requestNewSearch(raw: Record<string, unknown>) {
  return { again: text(raw, 'again') }
}
