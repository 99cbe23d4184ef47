import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { FormErrorNotice } from './form-error.tsx'
import classes from './form-sections.module.css'
import { UnsavedDialog } from './unsaved-dialog.tsx'
import type { FormError } from './use-form-errors.ts'
import type { useUnsavedGuard } from './use-unsaved-guard.ts'

type Props = {
  saving: { readonly isPending: boolean }
  errors: { readonly formError: FormError | null }
  guard: ReturnType<typeof useUnsavedGuard>
  saveLabel: string
  /** Starts again from what is saved now, after somebody else changed it; null for something new. */
  startAgain: (() => void) | null
  cancel?: ReactNode
}

/** The lower edge of a form: what is wrong with it as a whole, and its buttons. It stays in sight. */
export function FormActions({ saving, errors, guard, saveLabel, startAgain, cancel }: Props) {
  return (
    <div className={classes.actions}>
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
          {saveLabel}
        </Button>
        {cancel}
      </div>
      <UnsavedDialog guard={guard} />
    </div>
  )
}
