import { NumberInput, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { ReactNode } from 'react'
import { CopyButton } from '../ui/copy-button.tsx'
import { HeaderFields } from './header-fields.tsx'
import classes from './webhook-form.module.css'
import type { WebhookValues } from './webhook-values.ts'

type Props = {
  form: UseFormReturnType<WebhookValues>
  originChanged: boolean
  httpAllowed: boolean
  /** What says where it is sent to, before the endpoint. */
  target: ReactNode
  /** The endpoint is made from answers instead of being entered. */
  isAsked: boolean
  /** What follows the time limit. */
  settings: ReactNode
}

function SigningSecret({ secret, error }: { secret: string; error: ReactNode }) {
  return (
    <TextInput
      label="Signing secret"
      description="Give it to the receiver now, so that it can check the signature from the first test on. Shown only until the webhook is saved."
      value={secret}
      readOnly
      error={error}
      classNames={{ input: classes.mono ?? '' }}
      rightSection={<CopyButton value={secret} label="Copy signing secret" />}
      rightSectionWidth={40}
      onFocus={(event) => event.currentTarget.select()}
    />
  )
}

function EndpointField({ form, httpAllowed }: Pick<Props, 'form' | 'httpAllowed'>) {
  return (
    <TextInput
      label="Endpoint URL"
      description={`Where Keyhook sends a POST. ${httpAllowed ? 'http: and this machine are allowed here.' : 'https: to a public address.'}`}
      placeholder="https://hooks.example.com/keyhook"
      type="text"
      inputMode="url"
      autoComplete="off"
      spellCheck={false}
      key={form.key('endpoint_url')}
      {...form.getInputProps('endpoint_url')}
    />
  )
}

/** The fields of a webhook, for a new one and for a saved one. */
export function WebhookFields({ form, originChanged, httpAllowed, target, isAsked, settings }: Props) {
  return (
    <div className={classes.fields}>
      <TextInput
        label="Name"
        withAsterisk={false}
        autoComplete="off"
        key={form.key('name')}
        {...form.getInputProps('name')}
      />
      <Textarea
        label="Description"
        description="Optional: what it is for, whom to ask about it."
        rows={3}
        resize="vertical"
        key={form.key('description')}
        {...form.getInputProps('description')}
      />
      {target}
      {!isAsked && <EndpointField form={form} httpAllowed={httpAllowed} />}
      {(!isAsked || form.getValues().headers.length > 0) && (
        <HeaderFields form={form} originChanged={originChanged} />
      )}
      <NumberInput
        label="Time limit (seconds)"
        description="For connecting, sending and the whole answer together: 1 to 60, normally 15."
        className={classes.short ?? ''}
        placeholder="15"
        allowNegative={false}
        hideControls={false}
        key={form.key('time_limit_seconds')}
        {...form.getInputProps('time_limit_seconds')}
      />
      {settings}
      {form.getValues().signing_secret !== '' && (
        <SigningSecret secret={form.getValues().signing_secret} error={form.errors.signing_secret} />
      )}
    </div>
  )
}
