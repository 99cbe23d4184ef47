import { ChipNav } from '../ui/chip-nav.tsx'
import classes from './catalogue-filters.module.css'
import { SearchBox } from './search-box.tsx'

type Search = { q?: string | undefined; category?: string | undefined }
type Props = { search: Search; categories: readonly string[] }

/** Words to search for, and categories. */
export function CatalogueFilters({ search, categories }: Props) {
  const { q, category = '' } = search
  const chips = [
    { key: '', label: 'All', search: { q } },
    ...categories.map((one) => ({ key: one, label: one, search: { q, category: one } })),
  ]
  return (
    <search className={classes.filters} aria-label="Catalogue">
      <SearchBox
        label="Search the catalogue"
        placeholder="What do you need?"
        q={q}
        className={classes.field}
      />
      {categories.length > 1 && <ChipNav label="Categories" chips={chips} current={category} />}
    </search>
  )
}
