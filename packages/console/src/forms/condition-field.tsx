import type { ConditionPreviewRead } from '@keyhook/contract/api/condition.ts'
import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { Anchor, Button, Textarea } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { actions } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { formErrorsOf } from '../problem-errors.ts'
import { Pill } from '../ui/pill.tsx'
import { Time } from '../ui/time.tsx'
import classes from './setting-fields.module.css'
import type { WebhookValues } from './webhook-values.ts'

type Props = { form: UseFormReturnType<WebhookValues>; type: WebhookType; webhookId: string | null }
type Result = ConditionPreviewRead['results'][number]

/** A CEL expression, and what it says of the example and of the last real payloads. */
export function ConditionField({ form, type, webhookId }: Props) {
  const preview = useMutation({
    mutationFn: (condition: string) =>
      actions.conditionPreview({ condition, type, ...(webhookId ? { webhook_id: webhookId } : {}) }),
    onError: (error) => {
      const { fieldErrors } = formErrorsOf(error, ['condition'])
      form.setFieldError('condition', fieldErrors.condition ?? sentenceOf(error))
    },
    onSuccess: () => form.clearFieldError('condition'),
  })
  const { kind } = webhookTypeTable[type]
  const text = texts[kind]
  return (
    <div className={classes.fields}>
      <Textarea
        label="Condition"
        description={
          <>
            CEL over <code>payload</code>; {text.whenFalse}{' '}
            <Anchor href="/docs/conditions" inherit>
              Examples
            </Anchor>
          </>
        }
        placeholder={text.placeholder}
        rows={3}
        resize="vertical"
        spellCheck={false}
        classNames={{ input: classes.pem ?? '' }}
        key={form.key('condition')}
        {...form.getInputProps('condition')}
      />
      <div>
        <Button
          variant="default"
          size="xs"
          loading={preview.isPending}
          disabled={form.getValues().condition.trim() === ''}
          onClick={() => preview.mutate(form.getValues().condition)}
        >
          Try it
        </Button>
      </div>
      {preview.isSuccess && (
        <ul className={classes.results} aria-label="Results of the condition">
          {preview.data.results.map((result) => (
            <ResultLine
              key={`${result.delivery_id ?? result.source} ${result.event_id ?? ''}`}
              result={result}
              asked={kind}
            />
          ))}
        </ul>
      )}
    </div>
  )
}

const texts = {
  inline: {
    whenFalse: 'when it is false, the webhook is skipped. Empty: always called.',
    placeholder: 'payload.permissions.exists(p, p.label.startsWith("prod"))',
  },
  event: {
    whenFalse: 'one event at a time; when it is false, the event is left out. Empty: every event is sent.',
    placeholder: 'payload.event.outcome == "FAILED"',
  },
} as const

/** What becomes of a delivery, or of an event in a stream. */
const words = {
  inline: { holds: 'Called', doesNot: 'Skipped' },
  event: { holds: 'Sent', doesNot: 'Left out' },
} as const

function ResultLine({ result, asked }: { result: Result; asked: keyof typeof words }) {
  const { holds, error, created_at, event_type } = result
  return (
    <li>
      {holds === null ? (
        <Pill tone="bad">Error</Pill>
      ) : (
        <Pill tone={holds ? 'good' : 'quiet'}>{words[asked][holds ? 'holds' : 'doesNot']}</Pill>
      )}
      <span>{created_at ? <Time value={created_at} /> : 'The example'}</span>
      {event_type && <code>{event_type}</code>}
      {error && <span className={classes.hint}>{error}</span>}
    </li>
  )
}
