import { Notice } from '../ui/notice.tsx'
import type { FormError } from './use-form-errors.ts'
import classes from './webhook-form.module.css'

/** What is wrong with a form as a whole. */
export function FormErrorNotice({ error }: { error: FormError | null }) {
  if (error === null) return null
  return (
    <Notice tone="bad" title={error.sentence}>
      {error.rest.length > 0 && (
        <ul className={classes.list}>
          {error.rest.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </Notice>
  )
}
