import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import { Anchor } from '@mantine/core'
import { Prose } from '../ui/prose.tsx'
import classes from './outcome-box.module.css'
import { OutcomePill } from './outcome-pill.tsx'
import { outcomeWords } from './outcome-words.ts'

type Props = { delivery: Pick<DeliveryRead, 'status' | 'outcome' | 'webhook_type'> }

const titles = { none: 'No outcome yet', failed: 'Failed', succeeded: 'Succeeded', skipped: 'Not sent' }

function Decision({ decision }: { decision: boolean | null }) {
  if (decision === null) return null
  return (
    <span className={classes.decision}>
      Decision: <code>{String(decision)}</code>
    </span>
  )
}

/** What a delivery came to: the decision or the failure, how the answer was read, and what to change. */
export function OutcomeBox({ delivery }: Props) {
  const { outcome } = delivery
  const { tone } = outcomeWords(delivery)
  return (
    <div className={classes.box} data-tone={tone}>
      <div className={classes.head}>
        <strong>{titles[outcome?.status ?? 'none']}</strong>
        <OutcomePill delivery={delivery} />
        {outcome?.status === 'succeeded' && <Decision decision={outcome.decision} />}
      </div>
      {outcome?.status === 'succeeded' && outcome.message && (
        <blockquote className={classes.message} aria-label="Message of the receiver">
          {outcome.message}
        </blockquote>
      )}
      {outcome && (
        <p className={classes.explanation}>
          <Prose text={outcome.explanation} />
        </p>
      )}
      {outcome?.status === 'failed' && (
        <p className={classes.explanation}>
          <Anchor href={outcome.docs_url} inherit>
            What <code>{outcome.failure_reason}</code> means and how to mend it
          </Anchor>
        </p>
      )}
    </div>
  )
}
