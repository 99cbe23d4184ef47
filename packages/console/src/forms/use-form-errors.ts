import { type RefObject, useEffect, useState } from 'react'
import { sentenceOf } from '../api-error.ts'
import { type FieldErrors, formErrorsOf } from '../problem-errors.ts'

type Options = {
  readonly formRef: RefObject<HTMLElement | null>
  readonly setErrors: (errors: FieldErrors) => void
  readonly fields: readonly string[]
  readonly aliases?: Readonly<Record<string, string>>
}

/** What a form says about an error as a whole: a sentence, and members that it has no field for. */
export type FormError = { readonly sentence: string; readonly rest: readonly string[] }

/**
 * The one home of a form's errors: each next to its field, the first of them focused, and what belongs to no
 * field above the buttons.
 */
export function useFormErrors({ formRef, setErrors, fields, aliases }: Options) {
  const [formError, setFormError] = useState<FormError | null>(null)
  const [refusals, setRefusals] = useState(0)

  // After the messages are on the page, so that the first wrong field in reading order can be found.
  useEffect(() => {
    if (refusals > 0) formRef.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [refusals, formRef])

  return {
    formError,
    clear: () => {
      setErrors({})
      setFormError(null)
    },
    /** Shows `error`; true when at least one field is marked. */
    show: (error: unknown): boolean => {
      const { fieldErrors, rest } = formErrorsOf(error, fields, aliases)
      const marked = Object.keys(fieldErrors).length > 0
      setErrors(fieldErrors)
      setFormError(marked && rest.length === 0 ? null : { sentence: sentenceOf(error), rest })
      if (marked) setRefusals((count) => count + 1)
      return marked
    },
  }
}
