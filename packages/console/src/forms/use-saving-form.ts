import { type UseFormReturnType, useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useRef } from 'react'
import type { FieldErrors } from '../problem-errors.ts'
import { useFormErrors } from './use-form-errors.ts'
import { useUnsavedGuard } from './use-unsaved-guard.ts'

type Options<Values> = {
  start: Values
  /** The form's fields, as `formErrorsOf` takes them. */
  fields: readonly string[]
  aliases?: Readonly<Record<string, string>>
  /** What is wrong before the server is asked, by field. */
  check?: (values: Values) => FieldErrors
  save: (values: Values) => Promise<void>
}

/** What every form that saves something has in common: its errors, its guard against leaving, and the saving itself. */
export function useSavingForm<Values extends object>({
  start,
  fields,
  aliases,
  check,
  save,
}: Options<Values>) {
  const formRef = useRef<HTMLFormElement>(null)
  const isSaved = useRef(false)
  const form: UseFormReturnType<Values> = useForm<Values>({ initialValues: start })
  const errors = useFormErrors({
    formRef,
    setErrors: form.setErrors,
    fields,
    ...(aliases ? { aliases } : {}),
  })
  const guard = useUnsavedGuard(() => form.isDirty() && !isSaved.current)

  const saving = useMutation({
    mutationFn: async () => {
      errors.clear()
      isSaved.current = true
      await save(form.getValues())
    },
    onError: (error) => {
      isSaved.current = false
      errors.show(error)
    },
  })

  function onSubmit(event: FormEvent) {
    event.preventDefault()
    if (saving.isPending) return
    const wrong = check?.(form.getValues()) ?? {}
    if (Object.keys(wrong).length > 0) errors.showOwn(wrong)
    else saving.mutate()
  }

  return {
    form,
    errors,
    guard,
    saving,
    errorOf: (path: string): ReactNode => form.errors[path],
    formProps: { ref: formRef, noValidate: true, onSubmit },
    /** What is in the form now is what is saved: for forms that stay open. */
    settle: () => {
      isSaved.current = false
      form.resetDirty()
    },
  }
}
