import type { ScimTokenCreated } from '@keyhook/contract/api/scim-token.ts'
import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef } from 'react'
import { directoryActions } from '../directory-api.ts'
import { invalidate } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { CopyTextButton } from '../ui/copy-button.tsx'
import { Notice } from '../ui/notice.tsx'
import classes from './api-key-form.module.css'
import { FormErrorNotice } from './form-error.tsx'
import { useFormErrors } from './use-form-errors.ts'

function NewToken({ created, done }: { created: ScimTokenCreated; done: () => void }) {
  return (
    <Notice
      tone="good"
      title={`${created.name} is created. Copy the token now: it is shown only this once.`}
      action={
        <div className={classes.buttons}>
          <CopyTextButton value={created.token} label="Copy token" />
          <Button variant="subtle" onClick={done}>
            I have it
          </Button>
        </div>
      }
    >
      <code className={classes.key}>{created.token}</code>
    </Notice>
  )
}

/** Creates a SCIM token and shows it once. */
export function ScimTokenForm() {
  const formRef = useRef<HTMLFormElement>(null)
  const form = useForm({ initialValues: { name: '' } })
  const errors = useFormErrors({ formRef, setErrors: form.setErrors, fields: ['name'] })
  const creating = useMutation({
    mutationFn: () => {
      errors.clear()
      return directoryActions.scimTokenCreate(form.getValues().name)
    },
    onSuccess: async () => {
      form.reset()
      await invalidate('/scim-tokens')
    },
    onError: errors.show,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!creating.isPending) creating.mutate()
  }

  return (
    <Card title="New SCIM token">
      <form ref={formRef} onSubmit={submit} noValidate className={classes.form}>
        <TextInput
          label="Name"
          description="Which identity provider it is for, for example: Okta"
          className={classes.name ?? ''}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <FormErrorNotice error={errors.formError} />
        <div>
          <Button type="submit" loading={creating.isPending}>
            Create SCIM token
          </Button>
        </div>
        {creating.data && <NewToken created={creating.data} done={creating.reset} />}
      </form>
    </Card>
  )
}
