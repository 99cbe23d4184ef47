import { type RefObject, useEffect, useState } from 'react'
import { ApiError, sentenceOf } from '../api-error.ts'
import { type FieldErrors, formErrorsOf } from '../problem-errors.ts'

type Options = {
  readonly formRef: RefObject<HTMLElement | null>
  readonly setErrors: (errors: FieldErrors) => void
  readonly fields: readonly string[]
  readonly aliases?: Readonly<Record<string, string>>
}

/** What a form says about an error as a whole. `code` is the problem's, null when the server did not answer. */
export type FormError = {
  readonly title: string
  readonly lines: readonly string[]
  readonly code: string | null
}

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

  /** Marks the fields that `error` names; true when there is at least one. */
  function mark(error: unknown): boolean {
    const { fieldErrors } = formErrorsOf(error, fields, aliases)
    const marked = Object.keys(fieldErrors).length > 0
    setErrors(fieldErrors)
    if (marked) setRefusals((count) => count + 1)
    return marked
  }

  return {
    formError,
    mark,
    /** Says what the form itself found, before the server was asked. */
    showOwn: (found: FieldErrors): void => {
      setErrors(found)
      setFormError(null)
      setRefusals((count) => count + 1)
    },
    clear: () => {
      setErrors({})
      setFormError(null)
    },
    /** Marks the fields and says the rest about the form as a whole. */
    show: (error: unknown): void => {
      const marked = mark(error)
      const { rest } = formErrorsOf(error, fields, aliases)
      setFormError(marked && rest.length === 0 ? null : formErrorOf(error, rest))
    },
  }
}

function formErrorOf(error: unknown, rest: readonly string[]): FormError {
  const sentence = sentenceOf(error)
  if (!(error instanceof ApiError)) return { title: sentence, lines: rest, code: null }
  const { title, code } = error.problem
  return { title, lines: rest.length > 0 || sentence === title ? rest : [sentence], code }
}
