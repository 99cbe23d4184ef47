import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { actions, api } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { text, useSearchAs } from '../components/search-params.ts'
import { SignPage } from '../components/sign-page.tsx'
import { pb } from '../path-builder.ts'
import { queryClient, useRead } from '../query.ts'
import { Notice } from '../ui/notice.tsx'

/** Only addresses of this console: `//host` and `/\host` would lead elsewhere. */
function ownAddress(to: string | undefined): string {
  return to && /^\/(?![/\\])/.test(to) ? to : pb.home()
}

export function SignInPage() {
  const router = useRouter()
  const to = useSearchAs((raw) => text(raw, 'to'))
  const { required } = useRead(api.setupView())
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')

  const signingIn = useMutation({
    mutationFn: () => actions.signIn({ email, password }),
    onSuccess: () => {
      queryClient.clear()
      router.history.push(ownAddress(to))
    },
  })

  if (required) {
    return (
      <SignPage title="Set up Keyhook">
        <Notice tone="info" title="There is no administrator yet.">
          Open the one-time set-up link that the server printed in its terminal when it started.
        </Notice>
      </SignPage>
    )
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!signingIn.isPending) signingIn.mutate()
  }

  return (
    <SignPage title="Sign in">
      <form onSubmit={submit}>
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {signingIn.isError && <Notice tone="bad">{sentenceOf(signingIn.error)}</Notice>}
        <Button type="submit" loading={signingIn.isPending} fullWidth>
          Sign in
        </Button>
      </form>
    </SignPage>
  )
}
