import { Skeleton } from '@mantine/core'
import { Card } from './card.tsx'
import classes from './skeletons.module.css'

const rows = ['a', 'b', 'c', 'd', 'e', 'f']

/** What a page looks like before its data is here: same places, no words. */
export function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <div className={classes.head}>
        <Skeleton height={32} width={220} />
        <Skeleton height={18} width={380} maw="100%" mt={8} />
      </div>
      <Card>
        <div className={classes.rows}>
          {rows.map((row) => (
            <Skeleton key={row} height={22} />
          ))}
        </div>
      </Card>
    </div>
  )
}

/** The rows of a list that are on their way, inside a card that is there already. */
export function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading" className={classes.list}>
      {rows.map((row) => (
        <Skeleton key={row} height={22} />
      ))}
    </div>
  )
}
