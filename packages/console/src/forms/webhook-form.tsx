import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useRef } from 'react'
import type { Payload } from '../api.ts'
import { TestPanel } from '../components/test-panel.tsx'
import { Card } from '../ui/card.tsx'
import { FormErrorNotice } from './form-error.tsx'
import { AnswersError, answerAliases, answeredValues, endpointOf } from './preset-values.ts'
import { SettingFields } from './setting-fields.tsx'
import { StreamTargetFields } from './stream-target-fields.tsx'
import { UnsavedDialog } from './unsaved-dialog.tsx'
import { useFormErrors } from './use-form-errors.ts'
import { useUnsavedGuard } from './use-unsaved-guard.ts'
import { WebhookFields } from './webhook-fields.tsx'
import classes from './webhook-form.module.css'
import { inFormUnits, originOf, type WebhookValues, webhookAliases, webhookFields } from './webhook-values.ts'

type Props = {
  type: WebhookType
  start: WebhookValues
  /** The webhook that is edited: the server holds its secrets, for the endpoint that it has now. null for a new one. */
  saved: WebhookRead | null
  httpAllowed: boolean
  save: (values: WebhookValues) => Promise<void>
  test: (values: WebhookValues, payload: Payload | undefined, signal: AbortSignal) => Promise<DeliveryRead>
  cancel: ReactNode
  /** Starts again from what is saved now, after somebody else changed it; null for a new webhook. */
  startAgain: (() => void) | null
}

/** The webhook form with its test beside it, for a new webhook and for a saved one. */
export function WebhookForm({ type, start, saved, httpAllowed, save, test, cancel, startAgain }: Props) {
  const formRef = useRef<HTMLFormElement>(null)
  const isSaved = useRef(false)
  const form = useForm<WebhookValues>({ initialValues: start })
  const values = form.getValues()
  const isAsked = type === 'siem' && values.stream.asks
  const originChanged =
    saved !== null &&
    originOf(isAsked ? endpointOf(values) : values.endpoint_url) !== originOf(saved.endpoint_url)
  const errors = useFormErrors({
    formRef,
    setErrors: (found) => form.setErrors(inFormUnits(found)),
    fields: webhookFields,
    aliases: { ...webhookAliases, ...(isAsked ? answerAliases(values) : {}) },
  })
  const sent = () => (isAsked ? answeredValues(form.getValues()) : form.getValues())
  /** True when the error is shown at a field. */
  function isMarked(error: unknown): boolean {
    if (!(error instanceof AnswersError)) return errors.mark(error)
    errors.showOwn(error.errors)
    return true
  }
  const guard = useUnsavedGuard(() => form.isDirty() && !isSaved.current)

  const saving = useMutation({
    mutationFn: async () => {
      errors.clear()
      isSaved.current = true
      await save(sent())
    },
    onError: (error) => {
      isSaved.current = false
      if (error instanceof AnswersError) errors.showOwn(error.errors)
      else errors.show(error)
    },
  })

  return (
    <form
      ref={formRef}
      className={classes.layout}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!saving.isPending) saving.mutate()
      }}
    >
      <div className={classes.fieldsArea}>
        <Card>
          <WebhookFields
            form={form}
            originChanged={originChanged}
            httpAllowed={httpAllowed}
            target={type === 'siem' && <StreamTargetFields form={form} />}
            isAsked={isAsked}
            settings={
              <SettingFields
                form={form}
                type={type}
                webhookId={saved?.id ?? null}
                isAsked={isAsked}
                storedAuthentication={originChanged ? null : (saved?.authentication.type ?? null)}
              />
            }
          />
        </Card>
      </div>
      <div className={classes.testArea}>
        <TestPanel
          type={type}
          timeLimitSeconds={Number(values.time_limit_seconds) || 15}
          send={async (payload, signal) => {
            errors.clear()
            return test(sent(), payload, signal)
          }}
          explainRefusal={(error) =>
            isMarked(error) ? 'Nothing was sent. Correct the marked fields and test again.' : null
          }
        />
      </div>
      <div className={classes.actionsArea}>
        <FormErrorNotice
          error={errors.formError}
          action={
            startAgain &&
            errors.formError?.code === 'precondition_failed' && (
              <Button variant="default" size="xs" onClick={startAgain}>
                Discard my changes and load what is saved now
              </Button>
            )
          }
        />
        <div className={classes.buttons}>
          <Button type="submit" loading={saving.isPending}>
            Save webhook
          </Button>
          {cancel}
        </div>
      </div>
      <UnsavedDialog guard={guard} />
    </form>
  )
}
