import { accessApi } from '../access-api.ts'
import { useSideRead } from '../query.ts'
import classes from './inbox-badge.module.css'
import { countWords } from './inbox-words.ts'

const refreshMs = 30_000

/** How much waits for the reader; null for nothing, and as long as it is not known. */
export function useInboxCount(): string | null {
  const inbox = useSideRead(accessApi.inbox(), { refreshMs })
  if (!inbox) return null
  return countWords(inbox.approvals + inbox.confirmations + inbox.reviews, inbox.counted_to)
}

export function InboxBadge() {
  const count = useInboxCount()
  if (!count) return null
  return (
    <span className={classes.badge}>
      {count}
      <span className={classes.hidden}> waiting</span>
    </span>
  )
}
