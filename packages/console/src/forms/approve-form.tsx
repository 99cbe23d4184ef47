import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { Button, Checkbox, NativeSelect, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { accessActions } from '../access-api.ts'
import type { FieldErrors } from '../problem-errors.ts'
import { approvalOf, approvalStart, shorterLengths } from './approve-values.ts'
import { FormErrorNotice } from './form-error.tsx'
import classes from './sheet-form.module.css'
import { useFormErrors } from './use-form-errors.ts'

type Props = {
  request: AccessRequestRead
  onDone: (request: AccessRequestRead) => Promise<void>
  onCancel: () => void
}

/** Approves all that was asked for, or less. */
export function ApproveForm({ request, onDone, onCancel }: Props) {
  const formRef = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState(() => approvalStart(request))
  const [fieldErrors, setErrors] = useState<FieldErrors>({})
  const errors = useFormErrors({
    formRef,
    setErrors,
    fields: ['comment', 'permission_ids', 'access_length_seconds'],
  })
  const approving = useMutation({
    mutationFn: () => {
      errors.clear()
      return accessActions.requestApprove(request.id, approvalOf(request, values))
    },
    onSuccess: onDone,
    onError: errors.show,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (approving.isPending) return
    if (values.permission_ids.length === 0)
      errors.showOwn({ permission_ids: 'Keep at least one, or deny the request.' })
    else approving.mutate()
  }

  return (
    <form ref={formRef} className={classes.form} noValidate onSubmit={submit}>
      {request.permissions.length > 1 && (
        <Checkbox.Group
          label="What is given"
          value={values.permission_ids}
          onChange={(permission_ids) => setValues({ ...values, permission_ids })}
          error={fieldErrors.permission_ids}
          {...(fieldErrors.permission_ids ? { 'aria-invalid': true, tabIndex: -1 } : {})}
        >
          <div className={classes.options}>
            {request.permissions.map(({ id, label }) => (
              <Checkbox key={id} value={id} label={label} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      <NativeSelect
        label="For how long"
        data={shorterLengths(request.access_length_seconds)}
        value={values.length}
        onChange={(event) => setValues({ ...values, length: event.currentTarget.value })}
        error={fieldErrors.access_length_seconds}
      />
      <Textarea
        label="Comment"
        description="Optional. Everybody who can see the request can read it."
        rows={2}
        value={values.comment}
        onChange={(event) => setValues({ ...values, comment: event.currentTarget.value })}
        error={fieldErrors.comment}
      />
      <FormErrorNotice error={errors.formError} />
      <div className={classes.buttons}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={approving.isPending} data-autofocus>
          Approve
        </Button>
      </div>
    </form>
  )
}
