import type { ChainRead } from '@keyhook/contract/api/chain.ts'
import { Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Prose } from '../ui/prose.tsx'
import { chainIcons } from './chain-icons.tsx'
import classes from './chain-picture.module.css'
import { ChainWebhook } from './chain-webhook.tsx'

type Step = ChainRead['steps'][number]
type Part = Step['parts'][number]

/** What runs when a request comes, from top to bottom, with the webhooks in it and what is wrong with them. */
export function ChainPicture({ chain }: { chain: ChainRead }) {
  return (
    <ol className={classes.chain} aria-label="What runs when a request comes">
      {chain.steps.map((step) => (
        <ChainStep key={step.kind} step={step} />
      ))}
    </ol>
  )
}

function ChainStep({ step }: { step: Step }) {
  const Icon = chainIcons[step.kind]
  const wrong = step.parts.some(({ problem }) => problem !== null)
  return (
    <li className={classes.step} data-wrong={wrong || undefined}>
      <span className={classes.sign} aria-hidden="true">
        <Icon size={19} stroke={1.8} />
      </span>
      <div className={classes.words}>
        <Title order={3}>{step.title}</Title>
        <p className={classes.text}>
          <Prose text={step.text} />
        </p>
        {step.parts.length > 0 && (
          <ul className={classes.parts}>
            {step.parts.map((part, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two parts may have the same words.
              <ChainPart key={index} part={part} />
            ))}
          </ul>
        )}
      </div>
    </li>
  )
}

function ChainPart({ part: { label, text, webhooks, problem } }: { part: Part }) {
  return (
    <li className={classes.part} data-wrong={problem !== null || undefined}>
      <div>
        {label && <strong className={classes.label}>{label}</strong>}
        {text && <Prose text={text} />}
      </div>
      {webhooks.length > 0 && (
        <ul className={classes.webhooks} aria-label="Webhooks">
          {webhooks.map((webhook) => (
            <li key={webhook.id}>
              <ChainWebhook webhook={webhook} />
            </li>
          ))}
        </ul>
      )}
      {problem !== null && (
        <p className={classes.problem}>
          <IconAlertTriangle size={16} aria-hidden="true" />
          <span>{problem}</span>
        </p>
      )}
    </li>
  )
}
