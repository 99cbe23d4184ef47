import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef } from 'react'
import { accountActions } from '../account-api.ts'
import { toast } from '../ui/toast.ts'
import { FormErrorNotice } from './form-error.tsx'
import classes from './password-form.module.css'
import { useFormErrors } from './use-form-errors.ts'

/** Changes the own password. All other sessions end. */
export function PasswordForm({ email }: { email: string }) {
  const formRef = useRef<HTMLFormElement>(null)
  const form = useForm({ initialValues: { current_password: '', new_password: '' } })
  const errors = useFormErrors({
    formRef,
    setErrors: form.setErrors,
    fields: ['current_password', 'new_password'],
  })
  const changing = useMutation({
    mutationFn: () => {
      errors.clear()
      return accountActions.passwordChange(form.getValues())
    },
    onSuccess: () => {
      form.reset()
      toast('Your password is changed. Everywhere else you have to sign in again.')
    },
    onError: errors.show,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!changing.isPending) changing.mutate()
  }

  return (
    <form ref={formRef} className={classes.form} noValidate onSubmit={submit}>
      {/* Password managers keep the password under this name. */}
      <TextInput
        className={classes.hidden ?? ''}
        aria-hidden
        tabIndex={-1}
        autoComplete="username"
        value={email}
        readOnly
      />
      <PasswordInput
        label="Password now"
        autoComplete="current-password"
        {...form.getInputProps('current_password')}
      />
      <PasswordInput
        label="New password"
        description="At least 12 characters. Length is what counts: a few words will do."
        autoComplete="new-password"
        {...form.getInputProps('new_password')}
      />
      <FormErrorNotice error={errors.formError} />
      <div>
        <Button type="submit" loading={changing.isPending}>
          Change password
        </Button>
      </div>
    </form>
  )
}
