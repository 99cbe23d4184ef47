import { NativeSelect, NumberInput, Switch, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { fromLocalInput, toLocalInput } from '../components/local-time.ts'
import { Fold } from '../ui/fold.tsx'
import { EventTypesField } from './event-types-field.tsx'
import { OptionalDurationField } from './optional-duration-field.tsx'
import classes from './setting-fields.module.css'
import { presetOf, type StreamValues } from './stream-values.ts'
import type { WebhookValues } from './webhook-values.ts'

type Props = { form: UseFormReturnType<WebhookValues>; isNew: boolean }

/** How events are sent: what has a default, folded away until somebody wants to change it. */
export function StreamMoreFields({ form, isNew }: Props) {
  const { stream } = form.getValues()
  const number = (name: string, label: string, description: string) => (
    <NumberInput
      label={label}
      description={description}
      allowNegative={false}
      allowDecimal={false}
      thousandSeparator=","
      key={form.key(`stream.${name}`)}
      {...form.getInputProps(`stream.${name}`)}
    />
  )
  const toggle = (name: string, label: string, description: string) => (
    <Switch
      label={label}
      description={description}
      key={form.key(`stream.${name}`)}
      {...form.getInputProps(`stream.${name}`, { type: 'checkbox' })}
    />
  )
  const refused = presetOf(stream.sends_to)?.gzipAllowed === false
  return (
    <Fold
      className={classes.section}
      forceOpen={Object.keys(form.errors).some(isInside)}
      summary={
        <>
          <span className={classes.title}>More about the stream</span>
          <span className={classes.state}>{sentence(stream)}</span>
        </>
      }
    >
      <div className={classes.fields}>
        {isNew && <StartFields form={form} />}
        <EventTypesField
          value={stream.event_types}
          onChange={(types) => form.setFieldValue('stream.event_types', types)}
          error={form.errors['stream.event_types']}
        />
        <div className={classes.numbers}>
          {number('batch_events', 'Events in a POST', 'At most: 1 to 1,000.')}
          {number('batch_wait_ms', 'Wait to fill it (ms)', '0 to 60,000; 0: none.')}
          {number('batch_bytes', 'Largest body (bytes)', 'A larger batch is divided.')}
        </div>
        {toggle(
          'gzip',
          'Compress bodies (gzip)',
          refused ? 'This product does not read compressed bodies.' : 'Only when the receiver reads that.',
        )}
        {toggle(
          'strict_order',
          'Strict order',
          'One POST after the other. An event that is always refused then stops the stream instead of being set aside.',
        )}
        <OptionalDurationField
          toggle="Tell administrators when the stream is behind"
          label="Behind by"
          value={stream.lag_alert}
          onChange={(value) => form.setFieldValue('stream.lag_alert', value)}
          error={form.errors['stream.lag_alert']}
        />
        {toggle('heartbeat', 'Daily heartbeat', 'An event once a day, so that silence means something.')}
      </div>
    </Fold>
  )
}

function StartFields({ form }: { form: Props['form'] }) {
  const { start, start_time } = form.getValues().stream
  return (
    <div className={classes.numbers}>
      <NativeSelect
        label="Starts"
        data={[
          { value: 'now', label: 'From now' },
          { value: 'beginning', label: 'From the beginning of the log' },
          { value: 'time', label: 'From a time' },
        ]}
        key={form.key('stream.start')}
        {...form.getInputProps('stream.start')}
      />
      {start === 'time' && (
        <TextInput
          label="First event logged at or after"
          type="datetime-local"
          value={toLocalInput(start_time)}
          onChange={(event) =>
            form.setFieldValue('stream.start_time', fromLocalInput(event.currentTarget.value))
          }
          error={form.errors['stream.start_time']}
        />
      )}
    </div>
  )
}

function isInside(path: string): boolean {
  return (
    path.startsWith('stream.') && !path.startsWith('stream.answers') && !path.startsWith('stream.sends_to')
  )
}

function sentence({ batch_events, event_types, gzip, strict_order }: StreamValues): string {
  const types = event_types.length
  return [
    types === 0 ? 'All events' : `${types} ${types === 1 ? 'choice' : 'choices'} of events`,
    Number(batch_events) > 1 ? `up to ${batch_events} in a POST` : 'one in a POST',
    ...(gzip ? ['gzip'] : []),
    ...(strict_order ? ['strict order'] : []),
  ].join(', ')
}
