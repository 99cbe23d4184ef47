import { intakeFieldLabels, intakeFieldTypes } from '@keyhook/contract/access-words.ts'
import {
  ActionIcon,
  NativeSelect,
  NumberInput,
  Switch,
  Textarea,
  TextInput,
  UnstyledButton,
} from '@mantine/core'
import { IconChevronRight, IconTrash } from '@tabler/icons-react'
import { type ReactNode, useEffect, useId } from 'react'
import { MoveButtons } from '../ui/move-buttons.tsx'
import { CelField } from './cel-field.tsx'
import classes from './form-sections.module.css'
import { boundsOf, hasOptions, type IntakeRow } from './intake-field-values.ts'
import styles from './intake-form.module.css'

type Props = {
  row: IntakeRow
  index: number
  count: number
  open: boolean
  toggle: (open: boolean) => void
  change: (part: Partial<IntakeRow>) => void
  move: (to: number) => void
  remove: () => void
  errorOf: (member: string) => ReactNode
}

const types = intakeFieldTypes.map((value) => ({ value, label: intakeFieldLabels[value] }))
const members = [
  ...['label', 'type', 'required', 'help_text', 'options', 'min', 'max', 'shown_when'],
  ...['check.condition', 'check.message'],
]

/** One intake field: a line that unfolds into its settings. */
export function IntakeFieldEditor(props: Props) {
  const { row, index, count, open, toggle, move, remove, errorOf } = props
  const id = useId()
  const wrong = members.some((member) => errorOf(member))
  const shown = open || wrong
  const name = row.label.trim() || `Field ${index + 1}`

  // A field with something wrong in it is open; it stays so while it is being corrected.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the moment at which it goes wrong counts.
  useEffect(() => {
    if (wrong && !open) toggle(true)
  }, [wrong])

  return (
    <li className={styles.row} data-open={shown || undefined}>
      <div className={styles.head}>
        <UnstyledButton
          className={styles.summary ?? ''}
          aria-expanded={shown}
          aria-controls={id}
          onClick={() => toggle(!shown)}
        >
          <IconChevronRight size={16} className={styles.chevron ?? ''} aria-hidden="true" />
          <span className={styles.name}>{name}</span>
          <span className={styles.kind}>
            {intakeFieldLabels[row.type]}
            {row.required && ', required'}
            {row.shown_when.trim() !== '' && ', shown only sometimes'}
          </span>
        </UnstyledButton>
        <MoveButtons what={name} index={index} count={count} onMove={move} />
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={`Remove ${name}`} onClick={remove}>
          <IconTrash size={16} />
        </ActionIcon>
      </div>
      {shown && (
        <div id={id} className={styles.body}>
          <Fields {...props} />
        </div>
      )}
    </li>
  )
}

function Fields({ row, change, errorOf }: Props) {
  const bounds = boundsOf[row.type]
  const bound = (member: 'min' | 'max', label: string) => (
    <NumberInput
      label={label}
      allowNegative={row.type === 'number'}
      value={row[member]}
      onChange={(value) => change({ [member]: value === '' ? '' : Number(value) })}
      error={errorOf(member)}
    />
  )
  return (
    <div className={classes.fields}>
      <div className={classes.pair}>
        <TextInput
          label="Label"
          description="The question, and the name of the answer"
          autoComplete="off"
          data-autofocus
          value={row.label}
          onChange={(event) => change({ label: event.currentTarget.value })}
          error={errorOf('label')}
        />
        <NativeSelect
          label="Type"
          description="What the answer is"
          data={types}
          value={row.type}
          onChange={(event) => change({ type: event.currentTarget.value as IntakeRow['type'] })}
          error={errorOf('type')}
        />
      </div>
      <TextInput
        label="Help text"
        description="Shown under the question. Optional."
        autoComplete="off"
        value={row.help_text}
        onChange={(event) => change({ help_text: event.currentTarget.value })}
        error={errorOf('help_text')}
      />
      <Switch
        label={row.type === 'checkbox' ? 'Must be checked' : 'Must be answered'}
        checked={row.required}
        onChange={(event) => change({ required: event.currentTarget.checked })}
      />
      {hasOptions(row.type) && (
        <Textarea
          label="Options"
          description="One a line"
          autosize
          minRows={3}
          maxRows={12}
          value={row.options}
          onChange={(event) => change({ options: event.currentTarget.value })}
          error={errorOf('options')}
        />
      )}
      {bounds && (
        <div className={classes.pair}>
          {bound('min', bounds.min)}
          {bound('max', bounds.max)}
        </div>
      )}
      <CelField
        label="Shown when"
        description="CEL over payload; earlier answers are in payload.custom_fields. Empty: always shown."
        placeholder={'payload.custom_fields["Environment"] == "Production"'}
        value={row.shown_when}
        onChange={(shown_when) => change({ shown_when })}
        error={errorOf('shown_when')}
      />
      <CelField
        label="Check"
        description="CEL over payload that must hold for the answer to be taken. Optional."
        placeholder={'payload.custom_fields["Ticket"].startsWith("OPS-")'}
        value={row.check.condition}
        onChange={(condition) => change({ check: { ...row.check, condition } })}
        error={errorOf('check.condition')}
      />
      {(row.check.condition.trim() !== '' || row.check.message !== '' || errorOf('check.message')) && (
        <TextInput
          label="What is said when it does not hold"
          placeholder="Give the number of a ticket, such as OPS-123"
          autoComplete="off"
          value={row.check.message}
          onChange={(event) => change({ check: { ...row.check, message: event.currentTarget.value } })}
          error={errorOf('check.message')}
        />
      )}
    </div>
  )
}
