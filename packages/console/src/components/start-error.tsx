import { Button } from '@mantine/core'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { sentenceOf, UnreachableError } from '../api-error.ts'
import { Notice } from '../ui/notice.tsx'
import { SignPage } from './sign-page.tsx'

/** The console could not start: not even who is signed in is known, so there is no menu to show around this. */
export function StartError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const away = error instanceof UnreachableError

  async function retry() {
    reset()
    await router.invalidate()
  }

  return (
    <SignPage title={away ? 'The server is away' : 'Keyhook could not be opened'}>
      <Notice tone="bad" action={<Button onClick={() => void retry()}>Try again</Button>}>
        {away ? 'Start it again, or check the network, and try again.' : sentenceOf(error)}
      </Notice>
    </SignPage>
  )
}
