import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { accountActions } from '../account-api.ts'
import { pb } from '../path-builder.ts'
import type { FieldErrors } from '../problem-errors.ts'
import { queryClient } from '../query.ts'
import { FormErrorNotice } from './form-error.tsx'
import { useFormErrors } from './use-form-errors.ts'

/** Chooses the password of an invitation. Success signs in. */
export function InvitationForm({ token, email }: { token: string; email: string }) {
  const router = useRouter()
  const formRef = useRef<HTMLFormElement>(null)
  const [password, setPassword] = useState('')
  const [fieldErrors, setErrors] = useState<FieldErrors>({})
  const errors = useFormErrors({ formRef, setErrors, fields: ['password'] })
  const accepting = useMutation({
    mutationFn: () => {
      errors.clear()
      return accountActions.invitationAccept(token, password)
    },
    onSuccess: async () => {
      queryClient.clear()
      await router.navigate({ to: pb.home(), replace: true })
    },
    onError: errors.show,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!accepting.isPending) accepting.mutate()
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit}>
      {/* Password managers keep the password under this name. */}
      <TextInput label="E-mail" type="email" autoComplete="username" value={email} readOnly />
      <PasswordInput
        label="Password"
        description="At least 12 characters. Length is what counts: a few words will do."
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={fieldErrors.password}
      />
      <FormErrorNotice error={errors.formError} />
      <Button type="submit" loading={accepting.isPending} fullWidth>
        Set password and sign in
      </Button>
    </form>
  )
}
