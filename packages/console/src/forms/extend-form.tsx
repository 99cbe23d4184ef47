import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { accessActions, accessApi } from '../access-api.ts'
import { pb } from '../path-builder.ts'
import type { FieldErrors } from '../problem-errors.ts'
import { invalidate, useSideRead } from '../query.ts'
import { SheetButton } from '../ui/sheet-button.tsx'
import { toast } from '../ui/toast.ts'
import { FormErrorNotice } from './form-error.tsx'
import { RequestLength } from './request-length.tsx'
import { AlreadyRequested } from './request-refusal.tsx'
import { lengthSeconds, lengthStart } from './request-values.ts'
import classes from './sheet-form.module.css'
import { useFormErrors } from './use-form-errors.ts'

type Props = { grant: GrantRead; onDone: () => void }

function ExtendForm({ grant, onDone }: Props) {
  const router = useRouter()
  const formRef = useRef<HTMLFormElement>(null)
  // An app that the person may not ask for any more has no entry; then the server says what is allowed.
  const entry = useSideRead(accessApi.catalogueView(grant.app.id))
  const allowed = entry?.access_lengths_seconds ?? []
  const [chosen, setChosen] = useState<ReturnType<typeof lengthStart> | null>(null)
  const length = chosen ?? lengthStart(allowed, undefined)
  const [reason, setReason] = useState('')
  const [fieldErrors, setErrors] = useState<FieldErrors>({})
  const errors = useFormErrors({
    formRef,
    setErrors,
    fields: ['access_length_seconds', 'business_justification'],
  })
  const asking = useMutation({
    mutationFn: () => {
      errors.clear()
      return accessActions.grantExtend(grant.id, {
        access_length_seconds: lengthSeconds(length),
        business_justification: reason,
      })
    },
    onSuccess: async ({ id }) => {
      onDone()
      await router.navigate({ to: pb.request(id) })
      toast('You asked for longer access.')
      await invalidate('/access-requests')
      await invalidate('/grants')
    },
    onError: errors.show,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!asking.isPending) asking.mutate()
  }

  const already = errors.formError?.code === 'already_requested'
  return (
    <form ref={formRef} className={classes.form} noValidate onSubmit={submit}>
      <RequestLength
        allowed={allowed}
        value={length}
        onChange={setChosen}
        error={fieldErrors.access_length_seconds}
        label="How much longer, from today on"
      />
      <Textarea
        label="Why you still need it"
        rows={3}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={fieldErrors.business_justification}
      />
      {already ? <AlreadyRequested error={asking.error} /> : <FormErrorNotice error={errors.formError} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={asking.isPending}>
          Ask for longer
        </Button>
      </div>
    </form>
  )
}

/** Asks for access to go on. While it is decided, the access stays as it is. */
export function ExtendButton({ grant }: { grant: GrantRead }) {
  const what = `${grant.permission.label} of ${grant.app.name}`
  return (
    <SheetButton
      variant="default"
      aria-label={`Ask for longer: ${what}`}
      label="Ask for longer"
      title="Ask for longer access"
      lead={`${what}. Counted from today on; it is decided as the first time.`}
    >
      {(close) => <ExtendForm grant={grant} onDone={close} />}
    </SheetButton>
  )
}
