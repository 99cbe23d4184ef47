import { Button } from '@mantine/core'
import { IconCloudOff, IconMoodConfuzed } from '@tabler/icons-react'
import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { ApiError, isNotFound, sentenceOf, UnreachableError } from '../api-error.ts'
import { pb } from '../path-builder.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { NotFound } from './not-found.tsx'

/** A page whose data could not be had: why, and a way to try again. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const queries = useQueryErrorResetBoundary()
  if (isNotFound(error)) return <NotFound />

  async function retry() {
    queries.reset()
    reset()
    await router.invalidate()
  }

  const away = error instanceof UnreachableError
  return (
    <Card>
      <title>Error · Keyhook</title>
      <EmptyState
        icon={away ? <IconCloudOff size={28} /> : <IconMoodConfuzed size={28} />}
        title={away ? 'The server is away' : 'This page could not be shown'}
        actions={
          <>
            <Button onClick={() => void retry()}>Try again</Button>
            <ButtonLink variant="default" to={pb.home()}>
              Go to the start page
            </ButtonLink>
          </>
        }
      >
        <span role="alert">
          {away ? 'Start it again, or check the network, and try again.' : sentenceOf(error)}
        </span>
        {error instanceof ApiError && error.problem.trace_id && (
          <p>
            In the server log: <code>{error.problem.trace_id}</code>
          </p>
        )}
      </EmptyState>
    </Card>
  )
}
