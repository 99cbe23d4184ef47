import {
  type AuthenticationType,
  authenticationLabels,
  clientAuthentications,
} from '@keyhook/contract/authentication-kinds.ts'
import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { MaskedInput } from '../ui/masked-input.tsx'
import classes from './setting-fields.module.css'
import { authenticationMembers, secretMembers } from './setting-values.ts'
import type { WebhookValues } from './webhook-values.ts'

type Props = {
  form: UseFormReturnType<WebhookValues>
  /** The kind whose secrets the server holds; null when they have to be entered. */
  stored: AuthenticationType | null
}

const labels: Readonly<Record<string, readonly [label: string, description?: string]>> = {
  name: ['Header name', 'For example x-api-key.'],
  value: ['Header value'],
  username: ['User name'],
  password: ['Password'],
  token: ['Token'],
  token_url: ['Token address', 'The token endpoint, for example https://login.example.com/oauth2/token.'],
  client_id: ['Client id'],
  client_secret: ['Client secret'],
  private_key: ['Private key', 'PEM, not encrypted: RSA, EC or Ed25519.'],
  key_id: ['Key id', 'Optional: names the key in the assertion.'],
  scope: ['Scope', 'Optional.'],
  audience: ['Audience', 'Optional; some servers want it.'],
  assertion_audience: [
    'Audience of the assertion',
    'Optional: the token address unless the server wants its issuer.',
  ],
  region: ['Region', 'For example eu-central-1.'],
  service: ['Service', 'lambda for function URLs, execute-api for API Gateway.'],
  access_key_id: ['Access key id'],
  secret_access_key: ['Secret access key'],
  session_token: ['Session token', 'Optional; it expires, and is not renewed.'],
}

/** How the webhook proves to its endpoint who calls. Secrets never come back from the server. */
export function AuthenticationFields({ form, stored }: Props) {
  const { type, client_authentication } = form.getValues().authentication
  const byKey = client_authentication === 'private_key_jwt'
  const members = authenticationMembers[type].filter((member) => {
    if (type !== 'oauth2_client_credentials') return true
    if (member === 'client_secret') return !byKey
    return byKey || !['private_key', 'key_id', 'assertion_audience'].includes(member)
  })
  return (
    <div className={classes.fields}>
      <NativeSelect
        label="How"
        data={Object.entries(authenticationLabels).map(([value, label]) => ({ value, label }))}
        key={form.key('authentication.type')}
        {...form.getInputProps('authentication.type')}
      />
      {members.map((member) => (
        <Member key={member} form={form} member={member} isStored={stored === type} />
      ))}
    </div>
  )
}

function Member({ form, member, isStored }: { form: Props['form']; member: string; isStored: boolean }) {
  const path = `authentication.${member}`
  const [label = member, description] = labels[member] ?? []
  const common = {
    label,
    ...(description ? { description } : {}),
    autoComplete: 'off',
    spellCheck: false,
    ...form.getInputProps(path),
  }
  if (member === 'client_authentication') {
    return (
      <NativeSelect
        label="Client authentication"
        data={[...clientAuthentications]}
        key={form.key(path)}
        {...form.getInputProps(path)}
      />
    )
  }
  const placeholder = isStored ? 'Set; leave empty to keep it' : ''
  if (member === 'private_key') {
    return (
      <Textarea
        key={form.key(path)}
        {...common}
        rows={4}
        placeholder={placeholder || '-----BEGIN PRIVATE KEY-----'}
        classNames={{ input: classes.pem ?? '' }}
      />
    )
  }
  if (secretMembers.includes(member))
    return <MaskedInput key={form.key(path)} {...common} placeholder={placeholder} />
  return <TextInput key={form.key(path)} {...common} />
}
