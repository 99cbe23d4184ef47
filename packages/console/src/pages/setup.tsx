import { api } from '../api.ts'
import { SignPage } from '../components/sign-page.tsx'
import { SetupForm } from '../forms/setup-form.tsx'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { ButtonLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'

/** The token of the one-time link. It is in the fragment, which browsers do not send, so no log has it. */
function tokenOf(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, '')).get('token')
}

export function SetupPage() {
  const { required } = useRead(api.setupView())
  const token = tokenOf(window.location.hash)
  if (!required) {
    return (
      <SignPage title="Keyhook is set up" lead="There is an administrator already. Sign in to go on.">
        <ButtonLink to={pb.signIn()} fullWidth>
          Go to sign-in
        </ButtonLink>
      </SignPage>
    )
  }
  if (!token) {
    return (
      <SignPage title="Set up Keyhook">
        <Notice tone="warn" title="This link is not complete.">
          Open the whole one-time link that the server printed in its terminal. It ends with #token= and a
          long text.
        </Notice>
      </SignPage>
    )
  }
  return (
    <SignPage title="Set up Keyhook" lead="Create the first administrator. The link works once.">
      <SetupForm token={token} />
    </SignPage>
  )
}
