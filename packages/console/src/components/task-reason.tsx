import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { pb } from '../path-builder.ts'
import { TextLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { Quote } from '../ui/quote.tsx'
import classes from './task-reason.module.css'
import { reasonSentence } from './task-words.ts'

/** Why a person has to do it, what the receiver said, and whether it has done it in the meantime. */
export function TaskReason({ task, withDelivery }: { task: TaskRead; withDelivery: boolean }) {
  const { reason, delivery, fallback, status, kind } = task
  const gives = kind === 'confirm_provisioning'
  return (
    <div className={classes.stack}>
      {delivery?.late_success && status === 'open' && (
        <Notice tone="good" title="The webhook has answered in the meantime: it is done.">
          The answer came too late to count by itself. Look whether the access is {gives ? 'there' : 'gone'},
          and then press Done.
        </Notice>
      )}
      <p className={classes.line}>{reasonSentence(task)}</p>
      {reason?.message && (
        <Quote
          label={reason.kind === 'failed' ? 'What went wrong' : 'What the receiver said'}
          text={reason.message}
        />
      )}
      {fallback && <p className={classes.quiet}>{fallback}</p>}
      {delivery && withDelivery && (
        <p className={classes.line}>
          <TextLink to={pb.delivery(delivery.id)}>See the delivery</TextLink>
        </p>
      )}
    </div>
  )
}
