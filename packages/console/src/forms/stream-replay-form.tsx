import { Button, TextInput } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { sentenceOf } from '../api-error.ts'
import { fromLocalInput, toLocalInput } from '../components/local-time.ts'
import { eventCount } from '../components/stream-words.ts'
import type { FieldErrors } from '../problem-errors.ts'
import { invalidate } from '../query.ts'
import { type ReplaySpan, streamActions } from '../stream-api.ts'
import { Notice } from '../ui/notice.tsx'
import { SheetButton } from '../ui/sheet-button.tsx'
import { toast } from '../ui/toast.ts'
import { FormErrorNotice } from './form-error.tsx'
import classes from './sheet-form.module.css'
import { spanOf, spanProblem } from './stream-span.ts'
import { useFormErrors } from './use-form-errors.ts'

type Props = { webhookId: string; onDone: () => void }

function ReplayForm({ webhookId, onDone }: Props) {
  const formRef = useRef<HTMLFormElement>(null)
  const [span, setSpan] = useState<ReplaySpan>({})
  const [fieldErrors, setErrors] = useState<FieldErrors>({})
  const errors = useFormErrors({ formRef, setErrors, fields: ['from', 'to'] })
  const problem = spanProblem(span)
  const isAsked = problem === null && (span.from !== undefined || span.to !== undefined)
  const preview = useQuery({
    queryKey: ['replay-preview', webhookId, span],
    queryFn: () => streamActions.replay(webhookId, span, true),
    enabled: isAsked,
    gcTime: 0,
  })
  const sending = useMutation({
    mutationFn: () => {
      errors.clear()
      return streamActions.replay(webhookId, span, false)
    },
    onSuccess: async ({ events }) => {
      onDone()
      toast(`${eventCount(events)} ${events === 1 ? 'is' : 'are'} sent again, beside the stream.`)
      await invalidate('/webhooks')
    },
    onError: errors.show,
  })
  const count = isAsked ? (preview.data?.events ?? null) : null

  function submit(event: FormEvent) {
    event.preventDefault()
    if (count && !sending.isPending) sending.mutate()
  }
  const moment = (name: 'from' | 'to', label: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      type="datetime-local"
      value={toLocalInput(span[name])}
      onChange={(event) => {
        errors.clear()
        setSpan(spanOf({ ...span, [name]: fromLocalInput(event.currentTarget.value) }))
      }}
      error={fieldErrors[name] ?? (name === 'to' ? problem : null)}
    />
  )

  return (
    <form ref={formRef} className={classes.form} noValidate onSubmit={submit}>
      {moment('from', 'From', 'Logged at or after. Empty: from the beginning of the log.')}
      {moment('to', 'Until', 'Logged before. Empty: up to now.')}
      {isAsked && preview.isPending && <Notice tone="info">Counting…</Notice>}
      {isAsked && preview.isError && <Notice tone="bad">{sentenceOf(preview.error)}</Notice>}
      {count !== null && (
        <Notice tone={count === 0 ? 'warn' : 'info'}>
          {count === 0
            ? 'No event in this range passes the filter of this webhook.'
            : `${eventCount(count)} in this range ${count === 1 ? 'passes' : 'pass'} the filter of this webhook.`}
        </Notice>
      )}
      <FormErrorNotice error={errors.formError} />
      <div className={classes.buttons}>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" disabled={!count} loading={sending.isPending}>
          {count ? `Send ${count.toLocaleString('en')} again` : 'Send again'}
        </Button>
      </div>
    </form>
  )
}

/** Sends a range of the log once more, after showing how many events it has. */
export function ReplayButton({ webhookId }: { webhookId: string }) {
  return (
    <SheetButton
      variant="default"
      leftSection={<IconHistory size={16} />}
      label="Send a range again…"
      title="Send a range again"
      lead="Beside the live stream, which goes on. Events keep their ids and hashes, so the receiver can tell that it has them."
    >
      {(close) => <ReplayForm webhookId={webhookId} onDone={close} />}
    </SheetButton>
  )
}
