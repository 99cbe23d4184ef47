import { Button, Radio, Stack, TextInput } from '@mantine/core'
import { IconArrowsHorizontal } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { fromLocalInput, toLocalInput } from '../components/local-time.ts'
import { eventCount } from '../components/stream-words.ts'
import type { FieldErrors } from '../problem-errors.ts'
import { invalidate, useSideRead } from '../query.ts'
import { streamActions, streamApi } from '../stream-api.ts'
import { Notice } from '../ui/notice.tsx'
import { SheetButton } from '../ui/sheet-button.tsx'
import { toast } from '../ui/toast.ts'
import { FormErrorNotice } from './form-error.tsx'
import classes from './sheet-form.module.css'
import { useFormErrors } from './use-form-errors.ts'

type Props = { webhookId: string; onDone: () => void }
type Place = 'now' | 'beginning' | 'time'

function MoveForm({ webhookId, onDone }: Props) {
  const formRef = useRef<HTMLFormElement>(null)
  const lag = useSideRead(streamApi.streamView(webhookId))?.lag_events ?? 0
  const [place, setPlace] = useState<Place>('now')
  const [time, setTime] = useState<string | undefined>()
  const [isConfirming, setConfirming] = useState(false)
  const [fieldErrors, setErrors] = useState<FieldErrors>({})
  const errors = useFormErrors({ formRef, setErrors, fields: ['to'] })
  const moving = useMutation({
    mutationFn: () => {
      errors.clear()
      return streamActions.move(webhookId, place === 'time' ? (time ?? '') : place)
    },
    onSuccess: async () => {
      onDone()
      toast('The stream goes on at the new place.')
      await invalidate('/webhooks')
    },
    onError: (error) => {
      setConfirming(false)
      errors.show(error)
    },
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (place === 'time' && time === undefined) errors.showOwn({ to: 'Enter a time' })
    else if (!isConfirming) setConfirming(true)
    else if (!moving.isPending) moving.mutate()
  }
  function choose(change: () => void) {
    errors.clear()
    setConfirming(false)
    change()
  }

  return (
    <form ref={formRef} className={classes.form} noValidate onSubmit={submit}>
      <Radio.Group
        label="Where it goes on"
        value={place}
        onChange={(value) => choose(() => setPlace(value as Place))}
        error={place === 'time' ? null : fieldErrors.to}
      >
        <Stack gap={10} mt={8}>
          <Radio value="now" label="Now" description="Only events from now on." />
          <Radio value="beginning" label="The beginning of the log" />
          <Radio value="time" label="A time" />
        </Stack>
      </Radio.Group>
      {place === 'time' && (
        <TextInput
          label="First event logged at or after"
          type="datetime-local"
          value={toLocalInput(time)}
          onChange={(event) => {
            const value = fromLocalInput(event.currentTarget.value)
            choose(() => setTime(value))
          }}
          error={fieldErrors.to}
        />
      )}
      {isConfirming && (
        <Notice tone="warn" title="Move the stream?">
          {consequence(place, lag)}
        </Notice>
      )}
      <FormErrorNotice error={errors.formError} />
      <div className={classes.buttons}>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={moving.isPending} {...(isConfirming ? { color: 'ember' } : {})}>
          {isConfirming ? 'Yes, move it' : 'Move the stream'}
        </Button>
      </div>
    </form>
  )
}

/** What the receiver gets and does not get. */
function consequence(place: Place, lag: number): string {
  if (place === 'beginning') return 'The whole log is sent, also what the receiver has already.'
  if (place === 'time')
    return 'What was logged before is not sent any more; what was logged since is sent, also what the receiver has already.'
  return lag === 0
    ? 'It is up to date, so nothing is left out.'
    : `${eventCount(lag)} ${lag === 1 ? 'is' : 'are'} waiting and will not be sent. A range can be sent later.`
}

/** Lets the stream go on at another place of the log. */
export function MoveButton({ webhookId }: { webhookId: string }) {
  return (
    <SheetButton
      variant="default"
      leftSection={<IconArrowsHorizontal size={16} />}
      label="Move…"
      title="Move the stream"
      lead="Forward, events are left out. Backward, they are sent again."
    >
      {(close) => <MoveForm webhookId={webhookId} onDone={close} />}
    </SheetButton>
  )
}
