import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { Loader } from '@mantine/core'
import { Quote } from '../ui/quote.tsx'
import { RequestPill } from './request-pill.tsx'
import classes from './request-state.module.css'
import { isBusy, statusSentence, statusWords } from './request-words.ts'

/** Where a request stands, in words; read out when it changes while one looks. */
export function RequestState({ request }: { request: AccessRequestRead }) {
  const { rejection, denial, pre_approved_by, status } = request
  return (
    <section className={classes.state} data-tone={statusWords(request).tone} aria-label="Where it stands">
      <div className={classes.head} role="status">
        <RequestPill request={request} />
        <span className={classes.sentence}>{statusSentence(request)}</span>
        {isBusy(status) && <Loader size={16} aria-hidden="true" />}
      </div>
      {status === 'rejected' && rejection && <Quote label="What the check said" text={rejection.message} />}
      {status === 'denied' && denial && <Quote label="Why it was denied" text={denial.reason} />}
      {pre_approved_by && !['rejected', 'denied'].includes(status) && (
        <div className={classes.quiet}>
          Pre-approved by the rule “{pre_approved_by.name}”: nobody had to be asked.
        </div>
      )}
    </section>
  )
}
