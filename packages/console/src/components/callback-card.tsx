import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import { Card } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Facts } from '../ui/facts.tsx'
import { Time } from '../ui/time.tsx'
import classes from './callback-card.module.css'

/** The late answer of a receiver: until when it is due, and what came. */
export function CallbackCard({ callback }: { callback: NonNullable<DeliveryRead['callback']> }) {
  const { deadline_at, received_at, body } = callback
  return (
    <Card title="Late answer">
      <div className={classes.stack}>
        <Facts
          items={[
            ['Due until', <Time key="deadline" value={deadline_at} />],
            ['Received', received_at ? <Time key="received" value={received_at} /> : 'Not yet'],
          ]}
        />
        {body !== null && <CodeBlock label="late answer" text={body} />}
      </div>
    </Card>
  )
}
