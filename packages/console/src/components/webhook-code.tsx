import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { Anchor, Tabs } from '@mantine/core'
import { Card } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { platformSteps, signatureSamples } from './code-samples.ts'
import classes from './webhook-code.module.css'

/** How a receiver checks the signature, and what must be set on the platforms that people use. */
export function WebhookCode({ webhook }: { webhook: WebhookRead }) {
  const samples = signatureSamples(webhook)
  return (
    <div className={classes.stack}>
      <Card title="Check the signature">
        <p className={classes.lead}>
          Anyone can send a request to your receiver; the signature proves that it came from here. Use the raw
          bytes of the body. More in the{' '}
          <Anchor href="/docs/protocol#check-the-signature">receiver guide</Anchor>.
        </p>
        <Tabs defaultValue={samples[0]?.label ?? null} keepMounted={false}>
          <Tabs.List aria-label="Languages">
            {samples.map(({ label }) => (
              <Tabs.Tab key={label} value={label}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {samples.map(({ label, code }) => (
            <Tabs.Panel key={label} value={label} pt="md">
              <CodeBlock label={`${label} example`} text={code} />
            </Tabs.Panel>
          ))}
        </Tabs>
      </Card>
      <Card title="On a platform">
        <div className={classes.platforms}>
          {platformSteps(webhook.type).map(({ name, steps }) => (
            <section key={name}>
              <h3>{name}</h3>
              <ol>
                {steps.map((step) => (
                  <li key={step}>{step}</li>
                ))}
              </ol>
            </section>
          ))}
        </div>
      </Card>
    </div>
  )
}
