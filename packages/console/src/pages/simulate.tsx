import type { SimulationRead } from '@keyhook/contract/api/chain.ts'
import { useState } from 'react'
import { appApi } from '../app-api.ts'
import { ChainVerdict, ChainWalk } from '../components/chain-walk.tsx'
import { useId } from '../components/search-params.ts'
import { SimulateForm } from '../forms/simulate-form.tsx'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Fold } from '../ui/fold.tsx'
import { TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import classes from './simulate.module.css'

export function SimulatePage() {
  const id = useId()
  const app = useRead(appApi.appView(id))
  const permissions = useRead(appApi.permissionList(id))
  const [simulation, setSimulation] = useState<SimulationRead | null>(null)

  return (
    <>
      <PageHeader
        title={`Simulate: ${app.name}`}
        lead="What would happen if somebody asked. Nothing is requested and nothing is given."
        back={<TextLink to={pb.app(id)}>← {app.name}</TextLink>}
      />
      <div className={classes.columns}>
        <Card title="A made-up request">
          <SimulateForm app={app} permissions={permissions.data} onResult={setSimulation} />
        </Card>
        <div className={classes.stack} aria-live="polite">
          {simulation ? (
            <>
              <ChainVerdict result={simulation.result} />
              <Card title="Step by step">
                <ChainWalk simulation={simulation} />
              </Card>
              <Card>
                <Fold className={classes.fold} summary="What inline webhooks would be sent" forceOpen={false}>
                  <CodeBlock label="payload" text={JSON.stringify(simulation.payload)} />
                </Fold>
              </Card>
            </>
          ) : (
            <Card>
              <p className={classes.none}>
                Choose a person and what they ask for. Each decision on the way is shown here, with the
                webhooks really asked, or with their answer assumed.
              </p>
            </Card>
          )}
        </div>
      </div>
    </>
  )
}
