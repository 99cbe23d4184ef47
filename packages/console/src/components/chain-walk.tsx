import type { SimulationRead } from '@keyhook/contract/api/chain.ts'
import { api } from '../api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { TextLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { Pill, type Tone } from '../ui/pill.tsx'
import { Quote } from '../ui/quote.tsx'
import { chainIcons } from './chain-icons.tsx'
import classes from './chain-walk.module.css'

type Step = SimulationRead['steps'][number]

const results: Readonly<Record<Step['result'], { tone: Tone; label: string } | null>> = {
  yes: { tone: 'good', label: 'Yes' },
  no: { tone: 'bad', label: 'No' },
  failed: { tone: 'bad', label: 'Failed' },
  skipped: { tone: 'quiet', label: 'Skipped' },
  assumed: { tone: 'busy', label: 'Assumed' },
  info: null,
}

const verdicts: Readonly<
  Record<SimulationRead['result'], { tone: 'good' | 'bad' | 'info'; title: string; text: string }>
> = {
  rejected: {
    tone: 'bad',
    title: 'It would be refused.',
    text: 'The requester is told why, and can correct it.',
  },
  pre_approved: {
    tone: 'good',
    title: 'It would be pre-approved.',
    text: 'Nobody is asked; access is given at once.',
  },
  needs_approval: {
    tone: 'info',
    title: 'It would wait for approval.',
    text: 'No rule holds, so that people decide.',
  },
  approved: {
    tone: 'good',
    title: 'It would be approved.',
    text: 'Nobody is asked, because the chain has no approvers.',
  },
}

/** What the simulation says in a word. */
export function ChainVerdict({ result }: { result: SimulationRead['result'] }) {
  const { tone, title, text } = verdicts[result]
  return (
    <Notice tone={tone} title={title}>
      {text}
    </Notice>
  )
}

/** A made-up request on its way through the chain, decision by decision. */
export function ChainWalk({ simulation }: { simulation: SimulationRead }) {
  return (
    <ol className={classes.walk} aria-label="What would happen">
      {simulation.steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two steps may be the same, and their order is fixed.
        <WalkStep key={index} step={step} />
      ))}
    </ol>
  )
}

function WalkStep({ step: { kind, text, result, webhook, delivery_id, message } }: { step: Step }) {
  const { role } = useRead(api.me())
  const Icon = chainIcons[kind]
  const pill = results[result]
  return (
    <li className={classes.step} data-result={result}>
      <span className={classes.sign} aria-hidden="true">
        <Icon size={17} stroke={1.8} />
      </span>
      <div className={classes.words}>
        <div className={classes.line}>
          <span>{text}</span>
          {pill && <Pill tone={pill.tone}>{pill.label}</Pill>}
        </div>
        {message && <Quote label="Message of the receiver" text={message} />}
        {role === 'admin' && (webhook || delivery_id) && (
          <div className={classes.links}>
            {webhook && <TextLink to={pb.webhook(webhook.id)}>{webhook.name}</TextLink>}
            {delivery_id && <TextLink to={pb.delivery(delivery_id)}>Test delivery</TextLink>}
          </div>
        )}
      </div>
    </li>
  )
}
