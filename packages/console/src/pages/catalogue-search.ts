import { accessApi } from '../access-api.ts'
import { text } from '../components/search-params.ts'

/** What the address of the catalogue may say. */
export function catalogueSearch(raw: Record<string, unknown>) {
  return { q: text(raw, 'q'), category: text(raw, 'category'), cursor: text(raw, 'cursor') }
}

export type CatalogueSearch = ReturnType<typeof catalogueSearch>

export function catalogueListOf(search: CatalogueSearch) {
  return accessApi.catalogueList({ ...search, limit: 60 })
}
