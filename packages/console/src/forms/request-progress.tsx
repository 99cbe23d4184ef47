import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { Loader } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { pb } from '../path-builder.ts'
import { Card } from '../ui/card.tsx'
import { TextLink } from '../ui/links.tsx'
import classes from './request-progress.module.css'

type Props = { request: AccessRequestRead | null; appName: string }
type State = 'done' | 'now' | 'later'

// Webhooks have a time limit of 15 seconds unless an administrator says otherwise.
const longAfterMs = 15_000

function Step({ state, children }: { state: State; children: ReactNode }) {
  return (
    <li className={classes.step} data-state={state} {...(state === 'now' ? { 'aria-current': 'step' } : {})}>
      <span className={classes.mark} aria-hidden="true">
        {state === 'done' && <IconCheck size={15} stroke={2.6} />}
        {state === 'now' && <Loader size={16} />}
      </span>
      <span>{children}</span>
    </li>
  )
}

/** What the asker sees while the checks of the app look at the request. */
export function RequestProgress({ request, appName }: Props) {
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), longAfterMs)
    return () => clearTimeout(timer)
  }, [])
  const at = request === null ? 0 : request.status === 'validating' ? 1 : 2
  const stateOf = (index: number): State => (index < at ? 'done' : index === at ? 'now' : 'later')

  return (
    <div className={classes.frame}>
      <Card>
        <div className={classes.progress} role="status" aria-label="Your request is being checked">
          <h2 className={classes.title}>Your request is being checked</h2>
          <p className={classes.lead}>
            {appName} has checks that answer within seconds. Stay here for the result.
          </p>
          <ol className={classes.steps}>
            <Step state={stateOf(0)}>Sent</Step>
            <Step state={stateOf(1)}>The checks of the app look at it</Step>
            <Step state={stateOf(2)}>Who has to agree is looked up</Step>
          </ol>
          {long && request && (
            <p className={classes.lead}>
              This takes longer than usual. You need not wait:{' '}
              <TextLink to={pb.request(request.id)}>the page of your request</TextLink> shows how it goes on.
            </p>
          )}
        </div>
      </Card>
    </div>
  )
}
