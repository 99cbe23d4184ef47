import type { AccessReviewRead } from '@keyhook/contract/api/access-review.ts'
import { Button, Checkbox, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { lifecycleActions } from '../lifecycle-api.ts'
import type { FieldErrors } from '../problem-errors.ts'
import { invalidate } from '../query.ts'
import { Notice } from '../ui/notice.tsx'
import { toast } from '../ui/toast.ts'
import { FormErrorNotice } from './form-error.tsx'
import classes from './sheet-form.module.css'
import { useFormErrors } from './use-form-errors.ts'

const what = { none: 'stays, as not decided', keep: 'is kept', remove: 'is removed' } as const

/** Ends a review. What nobody decided about has to be agreed to first. */
export function ReviewSignOffForm({ review, done }: { review: AccessReviewRead; done: () => void }) {
  const { id, name, progress, status, default_decision } = review
  const formRef = useRef<HTMLFormElement>(null)
  const [comment, setComment] = useState('')
  const [agreed, setAgreed] = useState(false)
  const [fieldErrors, setErrors] = useState<FieldErrors>({})
  const errors = useFormErrors({ formRef, setErrors, fields: ['comment', 'apply_default'] })
  const undecided = status === 'open' ? progress.total - progress.decided : 0
  const signing = useMutation({
    mutationFn: async () => {
      errors.clear()
      await lifecycleActions.reviewClose(id, comment.trim() === '' ? null : comment, agreed)
    },
    onSuccess: async () => {
      done()
      await Promise.all(['/access-reviews', '/inbox', '/grants'].map(invalidate))
      toast(`${name} is signed off.`)
    },
    onError: errors.show,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (signing.isPending) return
    if (undecided > 0 && !agreed) errors.showOwn({ apply_default: 'Agree, or wait for the deadline.' })
    else signing.mutate()
  }

  return (
    <form ref={formRef} className={classes.form} noValidate onSubmit={submit}>
      {undecided > 0 && (
        <>
          <Notice tone="warn" title={`${undecided.toLocaleString('en')} not decided yet.`}>
            As at the deadline, what nobody decided about {what[default_decision]}.
          </Notice>
          <Checkbox
            label="End it nevertheless"
            checked={agreed}
            onChange={(event) => setAgreed(event.currentTarget.checked)}
            error={fieldErrors.apply_default}
          />
        </>
      )}
      <Textarea
        label="Comment"
        description="Goes into the report. Optional."
        rows={3}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
        error={fieldErrors.comment}
      />
      <FormErrorNotice error={errors.formError} />
      <div className={classes.buttons}>
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
        <Button type="submit" loading={signing.isPending}>
          Sign off
        </Button>
      </div>
    </form>
  )
}
