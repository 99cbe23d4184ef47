import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { accountActions } from '../account-api.ts'
import { ApiError, sentenceOf } from '../api-error.ts'
import { SignPage } from '../components/sign-page.tsx'
import { InvitationForm } from '../forms/invitation-form.tsx'
import { pb } from '../path-builder.ts'
import { ButtonLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'

/** The token of the one-time link. It is in the fragment, which browsers do not send, so no log has it. */
function tokenOf(fragment: string): string {
  return new URLSearchParams(fragment.replace(/^#/, '')).get('token') ?? ''
}

function NotUsable({ error }: { error: unknown }) {
  const gone = error instanceof ApiError && error.problem.code === 'invitation_invalid'
  return (
    <SignPage title={gone ? 'This link cannot be used' : 'The invitation could not be opened'}>
      <Notice
        tone="warn"
        title={gone ? 'It was used already, is too old, or another one took its place.' : ''}
      >
        {gone
          ? 'Ask an administrator for a new link. If you have a password already, sign in.'
          : sentenceOf(error)}
      </Notice>
      <ButtonLink variant="default" to={pb.signIn()} fullWidth mt="lg">
        Go to sign-in
      </ButtonLink>
    </SignPage>
  )
}

/** Where an invitation leads: choose a password, and be in. */
export function InvitationPage() {
  const [token] = useState(() => tokenOf(window.location.hash))
  const invitation = useQuery({
    queryKey: ['/invitations', token],
    queryFn: () => accountActions.invitationRead(token),
    enabled: token !== '',
    // It is read once: after it was used, the form that used it must not turn into an error.
    staleTime: Infinity,
  })

  if (token === '') {
    return (
      <SignPage title="Invitation">
        <Notice tone="warn" title="This link is not complete.">
          Open the whole link from your invitation. It ends with #token= and a long text.
        </Notice>
      </SignPage>
    )
  }
  if (invitation.isError) return <NotUsable error={invitation.error} />
  if (!invitation.data) {
    return (
      <SignPage title="Invitation">
        <div role="status" aria-label="Loading">
          <Skeleton height={36} mb="md" />
          <Skeleton height={36} mb="md" />
          <Skeleton height={36} />
        </div>
      </SignPage>
    )
  }
  const { name, email, has_account } = invitation.data
  return (
    <SignPage
      title={has_account ? 'Choose a new password' : `Welcome, ${name}`}
      lead={
        has_account
          ? 'It takes the place of the one that you have.'
          : 'Choose a password. Then you can ask for the access that you need.'
      }
    >
      <InvitationForm token={token} email={email} />
    </SignPage>
  )
}
