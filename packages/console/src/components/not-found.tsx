import { IconMapQuestion } from '@tabler/icons-react'
import { pb } from '../path-builder.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink } from '../ui/links.tsx'

/** Nothing is at this address, or what was there is deleted. */
export function NotFound() {
  return (
    <Card>
      <title>Not found · Keyhook</title>
      <EmptyState
        icon={<IconMapQuestion size={28} />}
        title="Nothing is here"
        actions={<ButtonLink to={pb.home()}>Go to the start page</ButtonLink>}
      >
        The address may be mistyped, or what it named has been deleted.
      </EmptyState>
    </Card>
  )
}
