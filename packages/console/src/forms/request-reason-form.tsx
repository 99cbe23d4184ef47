import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import type { FieldErrors } from '../problem-errors.ts'
import { FormErrorNotice } from './form-error.tsx'
import classes from './sheet-form.module.css'
import { useFormErrors } from './use-form-errors.ts'

type Props = {
  /** The member that the API complains about. */
  field: 'reason' | 'comment'
  label: string
  description?: string
  required: boolean
  confirmLabel: string
  cancelLabel?: string
  color?: string
  act: (text: string) => Promise<void>
  onCancel: () => void
}

/** Why something is done, and the button that does it. Stays open with what was typed when it fails. */
export function ReasonForm(props: Props) {
  const {
    field,
    label,
    description,
    required,
    confirmLabel,
    cancelLabel = 'Cancel',
    color,
    act,
    onCancel,
  } = props
  const formRef = useRef<HTMLFormElement>(null)
  const [text, setText] = useState('')
  const [fieldErrors, setErrors] = useState<FieldErrors>({})
  const errors = useFormErrors({ formRef, setErrors, fields: [field] })
  const acting = useMutation({
    mutationFn: async () => {
      errors.clear()
      await act(text.trim())
    },
    onError: errors.show,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (acting.isPending) return
    if (required && text.trim() === '') errors.showOwn({ [field]: 'Say why.' })
    else acting.mutate()
  }

  return (
    <form ref={formRef} className={classes.form} noValidate onSubmit={submit}>
      <Textarea
        label={label}
        description={description}
        required={required}
        rows={3}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={fieldErrors[field]}
      />
      <FormErrorNotice error={errors.formError} />
      <div className={classes.buttons}>
        <Button variant="default" onClick={onCancel}>
          {cancelLabel}
        </Button>
        <Button type="submit" loading={acting.isPending} {...(color ? { color } : {})}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  )
}
