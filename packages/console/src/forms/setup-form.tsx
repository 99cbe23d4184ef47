import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useRef } from 'react'
import { actions } from '../api.ts'
import { pb } from '../path-builder.ts'
import { queryClient } from '../query.ts'
import { FormErrorNotice } from './form-error.tsx'
import { useFormErrors } from './use-form-errors.ts'

/** The first administrator. Success signs in. */
export function SetupForm({ token }: { token: string }) {
  const router = useRouter()
  const formRef = useRef<HTMLFormElement>(null)
  const form = useForm({ initialValues: { name: '', email: '', password: '' } })
  const errors = useFormErrors({ formRef, setErrors: form.setErrors, fields: ['name', 'email', 'password'] })

  const creating = useMutation({
    mutationFn: async () => {
      errors.clear()
      await actions.setUp({ token, ...form.getValues() })
    },
    onSuccess: async () => {
      queryClient.clear()
      await router.navigate({ to: pb.webhooks(), replace: true })
    },
    onError: errors.show,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!creating.isPending) creating.mutate()
  }

  return (
    <form ref={formRef} onSubmit={submit} noValidate>
      <TextInput label="Your name" autoComplete="name" {...form.getInputProps('name')} />
      <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps('email')} />
      <PasswordInput
        label="Password"
        description="At least 12 characters. Length is what counts: a few words will do."
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      <FormErrorNotice error={errors.formError} />
      <Button type="submit" loading={creating.isPending} fullWidth>
        Create administrator
      </Button>
    </form>
  )
}
