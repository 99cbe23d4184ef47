import { Switch } from '@mantine/core'
import { IconApps, IconPlus } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { api } from '../api.ts'
import { AppTable } from '../components/app-table.tsx'
import bar from '../components/list-bar.module.css'
import { Pager } from '../components/pager.tsx'
import { SearchBox } from '../components/search-box.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { pb } from '../path-builder.ts'
import { useRead, useSteadyRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { ListSkeleton } from '../ui/skeletons.tsx'
import { appListOf, appsSearch } from './app-search.ts'

function AddApp() {
  return (
    <ButtonLink to={pb.appNew()} leftSection={<IconPlus size={17} />}>
      Add app
    </ButtonLink>
  )
}

/** No app at all: what apps are, and the way to the first one. */
function NoApps({ admin }: { admin: boolean }) {
  return (
    <Card>
      <EmptyState
        icon={<IconApps size={28} />}
        title={admin ? 'No apps yet' : 'No app is yours yet'}
        actions={admin && <AddApp />}
      >
        {admin
          ? 'An app is what people ask for access to. It says who approves, which webhooks run, and what can be had.'
          : 'As soon as an administrator makes you app admin of an app, it is shown here.'}
      </EmptyState>
    </Card>
  )
}

export function AppsPage() {
  const router = useRouter()
  const search = useSearchAs(appsSearch)
  const { role } = useRead(api.me())
  const admin = role === 'admin'
  const { value: page, isLate } = useSteadyRead(appListOf(search))
  const filtered = Object.values(search).some((value) => value !== undefined)
  const none = page?.data.length === 0

  return (
    <>
      <PageHeader
        title="Apps"
        lead="What people can ask for: who approves it, and which webhooks run."
        actions={admin && !(none && !filtered) ? <AddApp /> : undefined}
      />
      {none && !filtered ? (
        <NoApps admin={admin} />
      ) : (
        <Card flush>
          <search className={bar.bar} aria-label="Filter apps">
            <SearchBox label="Search apps" placeholder="Search by name" q={search.q} className={bar.search} />
            <Switch
              label="Archived"
              className={bar.middle ?? ''}
              checked={search.archived === 'true'}
              onChange={(event) =>
                void router.navigate({
                  to: pb.apps(),
                  search: { q: search.q, archived: event.currentTarget.checked ? 'true' : undefined },
                  replace: true,
                })
              }
            />
          </search>
          {page === null ? (
            <ListSkeleton />
          ) : none ? (
            <EmptyState icon={<IconApps size={28} />} title="No app matches">
              {search.archived
                ? 'No archived app has this name.'
                : 'Search for less, or look at archived apps.'}
            </EmptyState>
          ) : (
            <div aria-busy={isLate}>
              <AppTable apps={page.data} />
            </div>
          )}
          <Pager
            cursor={search.cursor}
            next={page?.next_cursor ?? null}
            newestLabel="First page"
            olderLabel="Next page"
          />
        </Card>
      )}
    </>
  )
}
