import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import { IconHistory, IconKey } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from '../components/grant-card.module.css'
import { GrantCard } from '../components/grant-card.tsx'
import { Pager } from '../components/pager.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { ExtendButton } from '../forms/extend-form.tsx'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { ChipNav } from '../ui/chip-nav.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import layout from './my-access.module.css'
import { currentGrants, endedGrants, myAccessSearch } from './my-access-search.ts'

const refreshMs = 15_000
const chips = [
  { key: 'current', label: 'What you have', search: {} },
  { key: 'ended', label: 'What has ended', search: { show: 'ended' } },
]

function List({ label, grants, empty }: { label: string; grants: readonly GrantRead[]; empty: ReactNode }) {
  if (grants.length === 0) return empty
  return (
    <ul className={classes.list} aria-label={label}>
      {grants.map((grant) => (
        <GrantCard
          key={grant.id}
          grant={grant}
          action={grant.status === 'active' && grant.expires_at !== null && <ExtendButton grant={grant} />}
        />
      ))}
    </ul>
  )
}

function Current() {
  const [active, removing, byHand] = currentGrants
  const lists = [useRead(active, refreshMs), useRead(removing, refreshMs), useRead(byHand, refreshMs)]
  // What ends first comes first; what has no end, last.
  const endOf = ({ expires_at }: GrantRead) => (expires_at ? new Date(expires_at).getTime() : Infinity)
  const grants = lists.flatMap(({ data }) => data).sort((left, right) => endOf(left) - endOf(right) || 0)
  return (
    <List
      label="What you have"
      grants={grants}
      empty={
        <EmptyState
          icon={<IconKey size={28} />}
          title="You have no access yet"
          actions={<ButtonLink to={pb.catalogue()}>Look in the catalogue</ButtonLink>}
        >
          What you ask for and get is listed here, with the day on which it ends.
        </EmptyState>
      }
    />
  )
}

function Ended({ cursor }: { cursor: string | undefined }) {
  const page = useRead(endedGrants(cursor))
  return (
    <>
      <List
        label="What has ended"
        grants={page.data}
        empty={
          <EmptyState icon={<IconHistory size={28} />} title="Nothing has ended">
            Access that runs out or is taken away is kept here.
          </EmptyState>
        }
      />
      <Pager cursor={cursor} next={page.next_cursor} newestLabel="Newest" olderLabel="Older" />
    </>
  )
}

/** The access of the reader. */
export function MyAccessPage() {
  const { show, cursor } = useSearchAs(myAccessSearch)
  return (
    <>
      <PageHeader title="My access" lead="What you can use, and until when." />
      <div className={layout.stack}>
        <ChipNav label="Which access" chips={chips} current={show ?? 'current'} />
        <Card flush>{show === 'ended' ? <Ended cursor={cursor} /> : <Current />}</Card>
      </div>
    </>
  )
}
