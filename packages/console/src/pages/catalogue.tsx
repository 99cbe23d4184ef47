import { IconApps, IconMoodEmpty } from '@tabler/icons-react'
import { CatalogueCard } from '../components/catalogue-card.tsx'
import { CatalogueFilters } from '../components/catalogue-filters.tsx'
import { Pager } from '../components/pager.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { pb } from '../path-builder.ts'
import { useSteadyRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import classes from './catalogue.module.css'
import { catalogueListOf, catalogueSearch } from './catalogue-search.ts'

function Nothing({ filtered, q }: { filtered: boolean; q: string | undefined }) {
  if (!filtered)
    return (
      <EmptyState icon={<IconApps size={28} />} title="Nothing to ask for yet">
        As soon as your company adds apps that you may ask for, they are shown here.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<IconMoodEmpty size={28} />}
      title={q ? `Nothing found for “${q}”` : 'Nothing in this category'}
      actions={
        <ButtonLink variant="default" to={pb.catalogue()} search={{}}>
          Show everything
        </ButtonLink>
      }
    >
      Try a shorter word, or what the app is for. If it is not here, your company has not added it yet.
    </EmptyState>
  )
}

/** What a person can ask for. */
export function CataloguePage() {
  const search = useSearchAs(catalogueSearch)
  const { value: page, isLate } = useSteadyRead(catalogueListOf(search))
  const items = page?.data ?? []

  return (
    <>
      <PageHeader title="Catalogue" lead="Find what you need for your work, and ask for it." />
      <CatalogueFilters search={search} categories={page?.categories ?? []} />
      {items.length === 0 ? (
        <Card>
          <Nothing filtered={Boolean(search.q ?? search.category)} q={search.q} />
        </Card>
      ) : (
        <ul className={classes.grid} aria-label="Apps" aria-busy={isLate}>
          {items.map((item) => (
            <CatalogueCard key={item.id} item={item} />
          ))}
        </ul>
      )}
      {page && (
        <Pager
          cursor={search.cursor}
          next={page.next_cursor}
          newestLabel="First page"
          olderLabel="More apps"
        />
      )}
    </>
  )
}
