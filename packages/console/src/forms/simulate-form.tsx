import type { PersonRead } from '@keyhook/contract/api/access-parts.ts'
import type { AppRead, IntakeField, PermissionRead } from '@keyhook/contract/api/app.ts'
import type { SimulationRead } from '@keyhook/contract/api/chain.ts'
import { Button, Checkbox, Radio, Stack, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { api } from '../api.ts'
import { appActions, type SimulateBody } from '../app-api.ts'
import { PersonPicker } from '../components/person-picker.tsx'
import type { FieldErrors } from '../problem-errors.ts'
import { useRead } from '../query.ts'
import { FormErrorNotice } from './form-error.tsx'
import classes from './form-sections.module.css'
import { IntakeInput } from './intake-input.tsx'
import { RequestLength } from './request-length.tsx'
import { type SimulateValues, simulateBody, simulateProblems, simulateStart } from './simulate-values.ts'
import { useFormErrors } from './use-form-errors.ts'

type Props = {
  app: AppRead
  permissions: readonly PermissionRead[]
  onResult: (simulation: SimulationRead | null) => void
}

const answerOf = (label: string) => `custom_fields.${label}`
const modes: readonly { value: SimulateBody['webhooks']; label: string; description: string }[] = [
  {
    value: 'assume_yes',
    label: 'Assume yes',
    description: 'Nothing is sent; each webhook is taken to say yes.',
  },
  {
    value: 'assume_no',
    label: 'Assume no',
    description: 'Nothing is sent; each webhook is taken to say no.',
  },
  {
    value: 'ask',
    label: 'Really ask them',
    description:
      'Sends test deliveries: the payload says test: true, and receivers must do nothing for real.',
  },
]

/** Which fields are asked for depends on the answers; here all are shown, and the walk says which were not asked for. */
function asMadeUp(field: IntakeField): IntakeField {
  if (field.shown_when === null) return field
  const sometimes = 'Asked for only with some answers.'
  return { ...field, required: false, help_text: `${field.help_text ?? ''} ${sometimes}`.trim() }
}

/** A request that is made up, to see what would become of it. */
export function SimulateForm({ app, permissions, onResult }: Props) {
  const formRef = useRef<HTMLFormElement>(null)
  const me = useRead(api.me())
  const [values, setValues] = useState<SimulateValues>(() => simulateStart(app, permissions, me))
  const [fieldErrors, setErrors] = useState<FieldErrors>({})
  const errors = useFormErrors({
    formRef,
    setErrors,
    fields: [
      ...['person', 'permission_ids', 'access_length_seconds', 'business_justification'],
      ...app.intake_fields.map(({ label }) => answerOf(label)),
    ],
    aliases: { requester_id: 'person', target_user_id: 'person' },
  })
  const set = (change: Partial<SimulateValues>) => setValues((old) => ({ ...old, ...change }))
  const asking = useMutation({
    mutationFn: () => {
      errors.clear()
      return appActions.simulate(app.id, simulateBody(values))
    },
    onSuccess: onResult,
    onError: (error) => {
      onResult(null)
      errors.show(error)
    },
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (asking.isPending) return
    const wrong = simulateProblems(values)
    if (Object.keys(wrong).length > 0) errors.showOwn(wrong)
    else asking.mutate()
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className={classes.fields}>
      <PersonPicker
        label="Who asks"
        description="For themself."
        value={values.person}
        onChange={(person: PersonRead | null) => set({ person })}
        error={fieldErrors.person}
      />
      <Checkbox.Group
        label="Permissions"
        value={values.permission_ids}
        onChange={(permission_ids) => set({ permission_ids })}
        error={fieldErrors.permission_ids}
      >
        <Stack gap={8} mt={6}>
          {permissions.map(({ id, label }) => (
            <Checkbox key={id} value={id} label={label} />
          ))}
          {permissions.length === 0 && <p className={classes.hint}>The app has no permissions yet.</p>}
        </Stack>
      </Checkbox.Group>
      <fieldset className={classes.fieldset}>
        <legend>Access length</legend>
        <RequestLength
          label="Access length"
          allowed={app.access_lengths_seconds}
          value={values}
          onChange={set}
          error={fieldErrors.access_length_seconds}
        />
      </fieldset>
      {app.intake_fields.map((field) => (
        <IntakeInput
          key={field.label}
          field={asMadeUp(field)}
          value={values.answers[field.label] ?? null}
          onChange={(answer) => set({ answers: { ...values.answers, [field.label]: answer } })}
          error={fieldErrors[answerOf(field.label)]}
        />
      ))}
      <Textarea
        label="Justification"
        rows={2}
        resize="vertical"
        value={values.business_justification}
        onChange={(event) => set({ business_justification: event.currentTarget.value })}
        error={fieldErrors.business_justification}
      />
      <Radio.Group
        label="Webhooks on the way"
        value={values.webhooks}
        onChange={(webhooks) => set({ webhooks: webhooks as SimulateBody['webhooks'] })}
      >
        <Stack gap={10} mt={6}>
          {modes.map((mode) => (
            <Radio key={mode.value} {...mode} />
          ))}
        </Stack>
      </Radio.Group>
      <FormErrorNotice error={errors.formError} />
      <div>
        <Button type="submit" loading={asking.isPending}>
          Simulate
        </Button>
      </div>
    </form>
  )
}
