import { type PresetQuestion, siemPresets } from '@keyhook/contract/siem/presets.ts'
import { Anchor, Button, NativeSelect, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { MaskedInput } from '../ui/masked-input.tsx'
import { withoutQuestions } from './preset-values.ts'
import classes from './stream-fields.module.css'
import { plainFormats, presetOf, type StreamValues, sendTo, withQuestions } from './stream-values.ts'
import type { WebhookValues } from './webhook-values.ts'

type Form = UseFormReturnType<WebhookValues>

const choices = [
  { group: 'Products', items: siemPresets.map(({ id, label }) => ({ value: id, label })) },
  { group: 'Others', items: Object.entries(plainFormats).map(([value, label]) => ({ value, label })) },
]

/** Where events go: a product, with its own questions, or a format for any receiver. */
export function StreamTargetFields({ form }: { form: Form }) {
  const { sends_to, asks } = form.getValues().stream
  const preset = presetOf(sends_to)
  const set = (stream: StreamValues) => {
    form.clearErrors()
    form.setFieldValue('stream', stream)
  }
  return (
    <>
      <NativeSelect
        label="Sends to"
        data={choices}
        value={sends_to}
        onChange={(event) => set(sendTo(form.getValues().stream, event.currentTarget.value))}
        error={form.errors['stream.sends_to']}
      />
      {preset && (
        <div className={classes.product}>
          <p className={classes.hint}>
            {asks
              ? 'Endpoint URL and authentication are made from these answers. '
              : 'Endpoint URL and authentication are as entered below. '}
            <Anchor href={`/docs/${preset.docs}`} inherit>
              Steps for {preset.label.replace(/ \(.*/, '')}
            </Anchor>
          </p>
          {asks &&
            preset.questions.map((question) => (
              <Question key={`${preset.id} ${question.name}`} form={form} question={question} />
            ))}
          <div>
            <Button
              variant="default"
              size="xs"
              onClick={() => {
                form.clearErrors()
                if (asks) form.setValues(withoutQuestions(form.getValues()))
                else set(withQuestions(form.getValues().stream))
              }}
            >
              {asks ? 'Enter them myself' : 'Answer its questions instead'}
            </Button>
          </div>
        </div>
      )}
    </>
  )
}

function Question({ form, question }: { form: Form; question: PresetQuestion }) {
  const { name, label, hint, placeholder, options, secret } = question
  const path = `stream.answers.${name}`
  const common = { label, description: hint, ...form.getInputProps(path) }
  if (options)
    return <NativeSelect key={form.key(path)} {...common} data={options.map((one) => ({ ...one }))} />
  const Input = secret ? MaskedInput : TextInput
  return (
    <Input
      key={form.key(path)}
      {...common}
      {...(placeholder ? { placeholder } : {})}
      autoComplete="off"
      spellCheck={false}
    />
  )
}
