import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef } from 'react'
import { accountApi } from '../account-api.ts'
import { api } from '../api.ts'
import { noticeActions } from '../notice-api.ts'
import { useRead, useSideRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import classes from './api-key-form.module.css'
import { FormErrorNotice } from './form-error.tsx'
import { useFormErrors } from './use-form-errors.ts'

/** Sends an example by mail at once, and says what the mail server answered. */
export function TestMailForm() {
  const me = useRead(api.me())
  const preferences = useSideRead(accountApi.noticePreferences())
  const formRef = useRef<HTMLFormElement>(null)
  const form = useForm({ initialValues: { to: me.email ?? '' } })
  const errors = useFormErrors({ formRef, setErrors: form.setErrors, fields: ['to'] })
  const testing = useMutation({
    mutationFn: () => {
      errors.clear()
      return noticeActions.testMail(form.getValues().to)
    },
    onError: errors.show,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!testing.isPending) testing.mutate()
  }

  return (
    <Card title="Test mail">
      <form ref={formRef} onSubmit={submit} noValidate className={classes.form}>
        {preferences?.mail_available === false && (
          <Notice tone="warn" title="No mail is set up.">
            The operator of the server sets <code>KEYHOOK_SMTP_URL</code> and <code>KEYHOOK_MAIL_FROM</code>.
            Until then people are told in chats, and in the console under “For me”.
          </Notice>
        )}
        <TextInput
          label="To"
          type="email"
          inputMode="email"
          className={classes.name ?? ''}
          autoComplete="off"
          {...form.getInputProps('to')}
        />
        <FormErrorNotice error={errors.formError} />
        <div>
          <Button type="submit" loading={testing.isPending}>
            Send test mail
          </Button>
        </div>
        {testing.data && (
          <Notice
            tone={testing.data.ok ? 'good' : 'bad'}
            title={testing.data.ok ? 'The mail server took it.' : 'It was not sent.'}
          >
            {testing.data.detail}
          </Notice>
        )}
      </form>
    </Card>
  )
}
