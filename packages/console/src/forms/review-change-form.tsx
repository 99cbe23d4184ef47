import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { lifecycleActions, lifecycleApi } from '../lifecycle-api.ts'
import { invalidate, useTaggedRead } from '../query.ts'
import { toast } from '../ui/toast.ts'
import { FormErrorNotice } from './form-error.tsx'
import { ReviewNameFields, ReviewScheduleFields } from './review-schedule-fields.tsx'
import {
  type ReviewValues,
  reviewAliases,
  reviewChangeOf,
  reviewFields,
  savedReviewValues,
} from './review-values.ts'
import classes from './sheet-form.module.css'
import { useFormErrors } from './use-form-errors.ts'

/** Changes what may still be changed of a review that is under way. */
export function ReviewChangeForm({ id, done }: { id: string; done: () => void }) {
  const latest = useTaggedRead(lifecycleApi.reviewView(id))
  const [{ value: review, etag }] = useState(latest)
  const formRef = useRef<HTMLFormElement>(null)
  const form = useForm<ReviewValues>({ initialValues: savedReviewValues(review, new Date()) })
  const errors = useFormErrors({
    formRef,
    setErrors: form.setErrors,
    fields: reviewFields,
    aliases: reviewAliases,
  })
  const saving = useMutation({
    mutationFn: async () => {
      errors.clear()
      await lifecycleActions.reviewChange(id, reviewChangeOf(form.getValues()), etag)
    },
    onSuccess: async () => {
      done()
      await invalidate('/access-reviews')
      toast('Your changes are saved.')
    },
    onError: errors.show,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!saving.isPending) saving.mutate()
  }

  return (
    <form ref={formRef} className={classes.form} noValidate onSubmit={submit}>
      <ReviewNameFields form={form} />
      <ReviewScheduleFields form={form} />
      <FormErrorNotice error={errors.formError} />
      <div className={classes.buttons}>
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
        <Button type="submit" loading={saving.isPending}>
          Save review
        </Button>
      </div>
    </form>
  )
}
