import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { CatalogueEntry } from '@keyhook/contract/api/app.ts'
import { Button, Textarea } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { ApiError } from '../api-error.ts'
import { pb } from '../path-builder.ts'
import type { FieldErrors } from '../problem-errors.ts'
import { ActionBar } from '../ui/action-bar.tsx'
import { Card } from '../ui/card.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { toast } from '../ui/toast.ts'
import { FormErrorNotice } from './form-error.tsx'
import { IntakeInput } from './intake-input.tsx'
import { RequestFor } from './request-for.tsx'
import classes from './request-form.module.css'
import { RequestLength } from './request-length.tsx'
import { RequestPermissions } from './request-permissions.tsx'
import { RequestProgress } from './request-progress.tsx'
import { AlreadyRequested, RequestRefusal } from './request-refusal.tsx'
import { type Answer, missingIn, type RequestValues, shownFields, startValues } from './request-values.ts'
import { UnsavedDialog } from './unsaved-dialog.tsx'
import { useFormErrors } from './use-form-errors.ts'
import { useShownFields } from './use-request-check.ts'
import { useRequestSending } from './use-request-sending.ts'
import { useUnsavedGuard } from './use-unsaved-guard.ts'

type Props = {
  entry: CatalogueEntry
  /** A request that the form is filled in from; one that a check refused is told about. */
  before: AccessRequestRead | null
}

const answerOf = (label: string) => `custom_fields.${label}`

/** Asks for access to an app. What was entered stays through every refusal. */
export function RequestForm({ entry, before }: Props) {
  const router = useRouter()
  const formRef = useRef<HTMLFormElement>(null)
  const [start] = useState(() => startValues(entry, before))
  const [values, setValues] = useState(start)
  const [fieldErrors, setErrors] = useState<FieldErrors>({})
  const [refused, setRefused] = useState(before?.status === 'rejected' ? before : null)
  const isSent = useRef(false)
  const shown = useShownFields(entry, values)
  const fields = shownFields(entry.intake_fields, shown)
  const errors = useFormErrors({
    formRef,
    setErrors,
    fields: [
      ...['permission_ids', 'permission_ids.*', 'target_user_id', 'access_length_seconds'],
      'business_justification',
      ...entry.intake_fields.map(({ label }) => answerOf(label)),
    ],
  })
  const guard = useUnsavedGuard(() => !isSent.current && JSON.stringify(values) !== JSON.stringify(start))
  const sending = useRequestSending(entry)
  const set = (change: Partial<RequestValues>) => setValues((old) => ({ ...old, ...change }))

  /** What was wrong with an answer is not said of another one. */
  function answer(label: string, value: Answer) {
    set({ answers: { ...values.answers, [label]: value } })
    setErrors(({ [answerOf(label)]: _, ...others }) => others)
  }

  async function send() {
    errors.clear()
    setRefused(null)
    const missing = missingIn(values)
    if (Object.keys(missing).length > 0) return errors.showOwn(missing)
    isSent.current = true
    try {
      const request = await sending.mutateAsync(values)
      if (request.status === 'rejected') {
        setRefused(request)
        // A reload, or a link that is kept, finds what was entered.
        await router.navigate({
          to: '.',
          search: { again: request.id } as never,
          replace: true,
          resetScroll: false,
        })
        return
      }
      await router.navigate({ to: pb.request(request.id), replace: true })
      toast('Your request is sent.')
    } catch (error) {
      if (!(error instanceof ApiError && error.problem.code === 'already_requested')) errors.show(error)
    } finally {
      isSent.current = false
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!sending.isPending) void send()
  }

  const permissionError = fieldErrors.permission_ids ?? fieldErrors['permission_ids.0']
  return (
    <>
      {sending.isPending && <RequestProgress request={sending.request} appName={entry.name} />}
      <form ref={formRef} className={classes.form} noValidate hidden={sending.isPending} onSubmit={submit}>
        {refused && <RequestRefusal request={refused} />}
        <Card title="What you need">
          <RequestPermissions
            permissions={entry.permissions}
            value={values.permission_ids}
            onChange={(permission_ids) => set({ permission_ids })}
            forMe={values.for === 'me'}
            error={permissionError}
          />
        </Card>
        {entry.request_for_others && (
          <Card title="Who it is for">
            <RequestFor value={values} onChange={set} error={fieldErrors.target_user_id} />
          </Card>
        )}
        <Card title="How long">
          <RequestLength
            allowed={entry.access_lengths_seconds}
            value={values}
            onChange={set}
            error={fieldErrors.access_length_seconds}
          />
        </Card>
        <Card title="What the people who decide should know">
          <div className={classes.fields}>
            {fields.map((field) => (
              <IntakeInput
                key={field.label}
                field={field}
                value={values.answers[field.label] ?? null}
                onChange={(value) => answer(field.label, value)}
                error={fieldErrors[answerOf(field.label)]}
              />
            ))}
            <Textarea
              label="Why you need it"
              description="In a sentence: it helps those who decide to say yes."
              rows={3}
              resize="vertical"
              value={values.business_justification}
              onChange={(event) => set({ business_justification: event.currentTarget.value })}
              error={fieldErrors.business_justification}
            />
          </div>
        </Card>
        <FormErrorNotice error={errors.formError} />
        <AlreadyRequested error={sending.error} />
        <ActionBar label="Send the request">
          <Button type="submit" size="md">
            {refused ? 'Send again' : 'Send request'}
          </Button>
          <ButtonLink variant="default" size="md" to={pb.catalogue()}>
            Back
          </ButtonLink>
        </ActionBar>
      </form>
      <UnsavedDialog guard={guard} />
    </>
  )
}
