import { reviewItemStatusLabels } from '@keyhook/contract/access-words.ts'
import type { ReviewItemRead } from '@keyhook/contract/api/access-review.ts'
import { Button, Checkbox } from '@mantine/core'
import { AppIcon } from '../ui/app-icon.tsx'
import { Pill } from '../ui/pill.tsx'
import { Quote } from '../ui/quote.tsx'
import { Day, When } from '../ui/when.tsx'
import classes from './review-item.module.css'
import { deciderWords, itemTones } from './review-words.ts'

type Props = {
  item: ReviewItemRead
  selected: boolean
  onSelect: (selected: boolean) => void
  onDecide: (decision: 'keep' | 'remove') => void
  busy: boolean
}

function Facts({ item: { grant } }: { item: ReviewItemRead }) {
  return (
    <ul className={classes.facts}>
      <li>
        Since <Day value={grant.granted_at} />
      </li>
      <li>
        {grant.last_used_at ? (
          <>
            Used <When value={grant.last_used_at} />
          </>
        ) : (
          'Last use not known'
        )}
      </li>
      <li>
        {grant.expires_at ? (
          <>
            Ends <Day value={grant.expires_at} />
          </>
        ) : (
          'Without an end'
        )}
      </li>
    </ul>
  )
}

function Decision({ item }: { item: ReviewItemRead }) {
  const { status, reason, fallback } = item
  return (
    <>
      {status !== 'undecided' && (
        <div className={classes.decision}>
          <Pill tone={itemTones[status]}>{reviewItemStatusLabels[status]}</Pill>
          <span className={classes.quiet}>{deciderWords(item)}</span>
        </div>
      )}
      {reason && <Quote label="Reason" text={reason} />}
      {fallback && <p className={classes.quiet}>{fallback}</p>}
    </>
  )
}

/** Access under review: whose, what, since when, and the two answers. */
export function ReviewItem({ item, selected, onSelect, onDecide, busy }: Props) {
  const { grant, business_justification, allowed, decision } = item
  const what = `${grant.permission.label} of ${grant.user.name}`
  return (
    <li className={classes.item} data-selected={selected || undefined}>
      <Checkbox
        aria-label={`Select ${what}`}
        className={classes.check ?? ''}
        checked={selected}
        disabled={allowed.length === 0}
        onChange={(event) => onSelect(event.currentTarget.checked)}
      />
      <AppIcon name={grant.app.name} icon={grant.app.icon} size="sm" />
      <div className={classes.words}>
        <div className={classes.person}>{grant.user.name}</div>
        <div>
          {grant.app.name}: {grant.permission.label}
        </div>
        <Facts item={item} />
        {business_justification && <div className={classes.why}>“{business_justification}”</div>}
        <Decision item={item} />
      </div>
      {allowed.length > 0 && (
        <div className={classes.buttons}>
          {allowed.includes('keep') && (
            <Button
              variant={decision === 'keep' ? 'filled' : 'default'}
              color="leaf"
              aria-label={`Keep ${what}`}
              aria-pressed={decision === 'keep'}
              disabled={busy}
              onClick={() => onDecide('keep')}
            >
              Keep
            </Button>
          )}
          {allowed.includes('remove') && (
            <Button
              variant={decision === 'remove' ? 'filled' : 'default'}
              color="ember"
              aria-label={`Remove ${what}`}
              aria-pressed={decision === 'remove'}
              disabled={busy}
              onClick={() => onDecide('remove')}
            >
              Remove
            </Button>
          )}
        </div>
      )}
    </li>
  )
}
