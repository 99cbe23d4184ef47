import type { SandboxRead } from '@keyhook/contract/api/sandbox.ts'
import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { pb } from '../path-builder.ts'
import { CodeBlock } from '../ui/code-block.tsx'
import { TextLink } from '../ui/links.tsx'
import { Pill, type Tone } from '../ui/pill.tsx'
import { Time } from '../ui/time.tsx'
import { HeaderLines } from './header-lines.tsx'
import classes from './sandbox-request.module.css'

type Request = SandboxRead['requests'][number]

const signatures: Readonly<Record<Request['signature'], readonly [Tone, string]>> = {
  valid: ['good', 'Signature: valid'],
  invalid: ['bad', 'Signature: invalid'],
  missing: ['warn', 'Signature: missing'],
  unknown_sender: ['quiet', 'Signature: unknown sender'],
}

function typeLabel(type: string | null): string {
  return type !== null && Object.hasOwn(webhookTypeTable, type)
    ? webhookTypeTable[type as WebhookType].label
    : 'Unknown type'
}

/** One request that the sandbox got, folded to a line. */
export function SandboxRequest({ request }: { request: Request }) {
  const [tone, words] = signatures[request.signature]
  return (
    <details className={classes.request}>
      <summary>
        <Time value={request.received_at} />
        <span className={classes.grow}>{typeLabel(request.webhook_type)}</span>
        <Pill tone={tone}>{words}</Pill>
        <span className={classes.answered}>Answered: {request.answered}</span>
      </summary>
      <div className={classes.inside}>
        {request.delivery_id && (
          <TextLink to={pb.delivery(request.delivery_id)} size="sm">
            Open the delivery
          </TextLink>
        )}
        <HeaderLines label="Headers" headers={request.headers} />
        <CodeBlock label="received body" text={request.body} />
      </div>
    </details>
  )
}
