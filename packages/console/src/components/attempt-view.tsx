import type { AttemptRead } from '@keyhook/contract/api/delivery.ts'
import { Card } from '../ui/card.tsx'
import classes from './attempt-view.module.css'
import { Exchange } from './exchange.tsx'
import { TimingBar } from './timing-bar.tsx'

/** One attempt of a delivery: its times, its request and its response. */
export function AttemptView({ attempt }: { attempt: AttemptRead }) {
  return (
    <Card title="Request and response">
      <div className={classes.stack}>
        <TimingBar timings={attempt.timings} />
        <Exchange attempt={attempt} />
      </div>
    </Card>
  )
}
