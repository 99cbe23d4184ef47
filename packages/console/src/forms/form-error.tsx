import type { ReactNode } from 'react'
import { Notice } from '../ui/notice.tsx'
import type { FormError } from './use-form-errors.ts'

type Props = { error: FormError | null; action?: ReactNode }

/** What is wrong with a form as a whole. */
export function FormErrorNotice({ error, action }: Props) {
  if (error === null) return null
  return (
    <Notice tone="bad" title={error.title} action={action}>
      {error.lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </Notice>
  )
}
