import { modals } from '@mantine/modals'
import type { ReactNode } from 'react'
import { sentenceOf } from '../api-error.ts'
import { toastError } from '../ui/toast.ts'

type Question = {
  title: string
  body: ReactNode
  confirmLabel: string
  /** Where “Cancel” could be taken for the thing itself. */
  cancelLabel?: string
  action: () => Promise<void>
}

/** Asks before something that cannot be taken back. A failure is told in a toast: the dialog is gone by then. */
export function confirmAction({ title, body, confirmLabel, cancelLabel = 'Cancel', action }: Question): void {
  modals.openConfirmModal({
    title,
    children: body,
    labels: { confirm: confirmLabel, cancel: cancelLabel },
    confirmProps: { color: 'ember' },
    onConfirm: () => void action().catch((error: unknown) => toastError(sentenceOf(error))),
  })
}
