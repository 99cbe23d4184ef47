import { Button } from '@mantine/core'
import { IconFlask2, IconInbox } from '@tabler/icons-react'
import { actions, api } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { SandboxBehaviours } from '../components/sandbox-behaviours.tsx'
import { SandboxRequest } from '../components/sandbox-request.tsx'
import { invalidate, useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toastError } from '../ui/toast.ts'
import classes from './sandbox.module.css'

const refreshMs = 2_000

async function clear(): Promise<void> {
  try {
    await actions.sandboxClear()
    await invalidate('/sandbox')
  } catch (error) {
    toastError(sentenceOf(error))
  }
}

export function SandboxPage() {
  const { enabled, behaviours, requests } = useRead(api.sandboxView(), refreshMs)
  const header = (
    <PageHeader
      title="Sandbox"
      lead="A built-in receiver for trying things out: choose how it answers, and see what it was sent."
    />
  )
  if (!enabled) {
    return (
      <>
        {header}
        <Card>
          <EmptyState icon={<IconFlask2 size={28} />} title="The sandbox is off">
            It runs in the try-it profile only. An operator can turn it on with <code>KEYHOOK_SANDBOX</code>.
          </EmptyState>
        </Card>
      </>
    )
  }
  return (
    <>
      {header}
      <div className={classes.columns}>
        <Card title="Ways to answer">
          <SandboxBehaviours behaviours={behaviours} />
        </Card>
        <Card
          title="Last requests"
          flush
          aside={
            requests.length > 0 && (
              <Button variant="default" size="compact-sm" onClick={() => void clear()}>
                Clear
              </Button>
            )
          }
        >
          {requests.length === 0 ? (
            <EmptyState icon={<IconInbox size={28} />} title="No requests yet">
              Use one of the endpoint URLs above in a webhook and test it. What arrives is shown here within
              two seconds.
            </EmptyState>
          ) : (
            requests.map((request) => <SandboxRequest key={request.id} request={request} />)
          )}
        </Card>
      </div>
    </>
  )
}
