import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import { examplePayload } from '@keyhook/contract/example-payload.ts'
import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { Payload } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { formErrorsOf } from '../problem-errors.ts'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { PastPayloads } from './past-payloads.tsx'
import { PayloadEditor } from './payload-editor.tsx'
import { parsePayload } from './payload-text.ts'
import classes from './test-panel.module.css'
import { TestResult } from './test-result.tsx'
import { TestWaiting } from './test-waiting.tsx'
import { useTestRun } from './use-test-run.ts'

type Props = {
  type: WebhookType
  /** Of a saved webhook: its past deliveries can be tested again. */
  webhookId?: string
  timeLimitSeconds: number
  send: (payload: Payload | undefined, signal: AbortSignal) => Promise<DeliveryRead>
  /** A sentence for an error that is shown elsewhere in detail; null when it is not. */
  explainRefusal?: (error: unknown) => string | null
}

/** Test Webhook: an editable payload, one button, and everything about what happened. */
export function TestPanel({ type, webhookId, timeLimitSeconds, send, explainRefusal }: Props) {
  const example = useMemo(() => JSON.stringify(examplePayload(type), null, 2), [type])
  const [text, setText] = useState(example)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [payloadError, setPayloadError] = useState<string | null>(null)
  const run = useTestRun(send)
  const parsed = parsePayload(text)
  const wrong = parsed.error ?? payloadError

  function start() {
    setRefusal(null)
    setPayloadError(null)
    if (parsed.error !== null) return
    // Untouched, the server sends its own example: with ids and times of this moment.
    run.start(text === example ? undefined : parsed.payload, (error) => {
      const { fieldErrors } = formErrorsOf(error, ['payload'])
      setPayloadError(fieldErrors.payload ?? null)
      setRefusal(explainRefusal?.(error) ?? sentenceOf(error))
    })
  }

  return (
    <Card title="Test Webhook">
      <div className={classes.stack}>
        <p className={classes.lead}>
          {webhookTypeTable[type].kind === 'inline' ? (
            <>
              Sends one real request, marked <code>"test": true</code>, and shows how the answer is read. The
              receiver must then do nothing for real.
            </>
          ) : (
            'Sends one real request with an example event, and shows whether it was received.'
          )}
        </p>
        {webhookId && (
          <PastPayloads
            webhookId={webhookId}
            onChoose={(chosen) => {
              setText(chosen ?? example)
              setPayloadError(null)
            }}
          />
        )}
        <PayloadEditor
          text={text}
          error={wrong}
          onChange={(next) => {
            setText(next)
            setPayloadError(null)
          }}
          {...(text === example ? {} : { onReset: () => setText(example) })}
        />
        <div>
          <Button
            variant="outline"
            leftSection={<IconPlayerPlay size={16} />}
            onClick={start}
            disabled={run.isRunning || parsed.error !== null}
          >
            Test webhook
          </Button>
        </div>
        {run.isUntouched && !refusal && (
          <p className={classes.before}>
            What is sent, what comes back and how it is read will be shown here.
          </p>
        )}
        {run.isRunning && <TestWaiting timeLimitSeconds={timeLimitSeconds} onCancel={run.cancel} />}
        {run.wasCancelled && (
          <Notice tone="info">
            Stopped waiting. The request may have been sent; its delivery is in the list.
          </Notice>
        )}
        {refusal && <Notice tone="bad">{refusal}</Notice>}
        {run.delivery && !run.isRunning && <TestResult delivery={run.delivery} />}
      </div>
    </Card>
  )
}
