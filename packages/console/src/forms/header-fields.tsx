import { ActionIcon, Button, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { MaskedInput } from '../ui/masked-input.tsx'
import { Notice } from '../ui/notice.tsx'
import classes from './header-fields.module.css'
import { headerRow, type WebhookValues } from './webhook-values.ts'

type Form = UseFormReturnType<WebhookValues>
type Props = { form: Form; originChanged: boolean }

function ValueField({ form, index, originChanged }: Props & { index: number }) {
  const path = `headers.${index}.value`
  const row = form.getValues().headers[index]
  if (row?.kept && !row.replacing && !originChanged && row.value === '') {
    return (
      <div className={classes.kept}>
        <span aria-hidden="true">••••••••</span>
        <span className={classes.keptWord}>Value is set</span>
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => form.setFieldValue(`headers.${index}.replacing`, true)}
          aria-label={`Replace the value of ${row.name}`}
        >
          Replace
        </Button>
      </div>
    )
  }
  return (
    <MaskedInput
      aria-label="Header value"
      placeholder={originChanged ? 'Enter the value again' : 'Value'}
      key={form.key(path)}
      {...form.getInputProps(path)}
    />
  )
}

function Row({ form, index, originChanged }: Props & { index: number }) {
  const path = `headers.${index}.name`
  const row = form.getValues().headers[index]
  return (
    <li className={classes.row}>
      <TextInput
        aria-label="Header name"
        placeholder="x-api-key"
        autoComplete="off"
        spellCheck={false}
        readOnly={row?.kept ?? false}
        key={form.key(path)}
        {...form.getInputProps(path)}
      />
      <ValueField form={form} index={index} originChanged={originChanged} />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={`Remove header ${row?.name || index + 1}`}
        onClick={() => form.removeListItem('headers', index)}
      >
        <IconTrash size={17} />
      </ActionIcon>
    </li>
  )
}

/** Custom headers as rows. Values are hidden as they are typed, and never come back from the server. */
export function HeaderFields({ form, originChanged }: Props) {
  const { headers } = form.getValues()
  return (
    <fieldset className={classes.fieldset}>
      <legend>Custom headers</legend>
      <p className={classes.hint}>
        Sent with every delivery, for example an API key the receiver checks. Values are stored encrypted and
        never shown again.
      </p>
      {originChanged && headers.some(({ kept }) => kept) && (
        <Notice tone="warn">
          The endpoint URL now leads to another host. Enter the header values again, so that none goes to a
          host it was not meant for.
        </Notice>
      )}
      {headers.length > 0 && (
        <ul className={classes.rows}>
          {headers.map((row, index) => (
            <Row key={row.key} form={form} index={index} originChanged={originChanged} />
          ))}
        </ul>
      )}
      {form.errors.headers && <p className={classes.error}>{form.errors.headers}</p>}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={15} />}
        onClick={() => form.insertListItem('headers', headerRow())}
      >
        Add header
      </Button>
    </fieldset>
  )
}
