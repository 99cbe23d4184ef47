import type { ApiKeyCreated } from '@keyhook/contract/api/access.ts'
import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef } from 'react'
import { actions } from '../api.ts'
import { invalidate } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { CopyTextButton } from '../ui/copy-button.tsx'
import { Notice } from '../ui/notice.tsx'
import classes from './api-key-form.module.css'
import { FormErrorNotice } from './form-error.tsx'
import { useFormErrors } from './use-form-errors.ts'

function NewKey({ created, done }: { created: ApiKeyCreated; done: () => void }) {
  return (
    <Notice
      tone="good"
      title={`${created.name} is created. Copy the key now: it is shown only this once.`}
      action={
        <div className={classes.buttons}>
          <CopyTextButton value={created.key} label="Copy key" />
          <Button variant="subtle" onClick={done}>
            I have it
          </Button>
        </div>
      }
    >
      <code className={classes.key}>{created.key}</code>
    </Notice>
  )
}

/** Creates an API key and shows it once. */
export function ApiKeyForm() {
  const formRef = useRef<HTMLFormElement>(null)
  const form = useForm({ initialValues: { name: '' } })
  const errors = useFormErrors({ formRef, setErrors: form.setErrors, fields: ['name'] })
  const creating = useMutation({
    mutationFn: () => {
      errors.clear()
      return actions.apiKeyCreate(form.getValues().name)
    },
    onSuccess: async () => {
      form.reset()
      await invalidate('/api-keys')
    },
    onError: errors.show,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!creating.isPending) creating.mutate()
  }

  return (
    <Card title="New API key">
      <form ref={formRef} onSubmit={submit} noValidate className={classes.form}>
        <TextInput
          label="Name"
          description="Which program it is for, for example: ci"
          className={classes.name ?? ''}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <FormErrorNotice error={errors.formError} />
        <div>
          <Button type="submit" loading={creating.isPending}>
            Create API key
          </Button>
        </div>
        {creating.data && <NewKey created={creating.data} done={creating.reset} />}
      </form>
    </Card>
  )
}
