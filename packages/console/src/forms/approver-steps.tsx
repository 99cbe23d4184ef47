import { type ApproverType, approverTypes } from '@keyhook/contract/access-words.ts'
import { ActionIcon, Button, NativeSelect } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { MoveButtons } from '../ui/move-buttons.tsx'
import classes from './approver-steps.module.css'
import { moved } from './moved.ts'
import { PrincipalPicker } from './principal-picker.tsx'
import { newStepRow, type StepRow } from './step-values.ts'

type Props = {
  steps: readonly StepRow[]
  onChange: (steps: StepRow[]) => void
  errorOf: (path: string) => ReactNode
  /** What it means when there is no step. */
  none: string
}

const types: Readonly<Record<ApproverType, string>> = {
  manager: 'The manager of the person',
  app_admins: 'The app admins',
  named: 'Users and groups by name',
}
const typeChoices = approverTypes.map((value) => ({ value, label: types[value] }))
const modeChoices = [
  { value: 'any', label: 'One of them is enough' },
  { value: 'all', label: 'All of them must approve' },
]
const mostSteps = 10

/** An approval chain: steps one after the other, each with who decides in it. */
export function ApproverSteps({ steps, onChange, errorOf, none }: Props) {
  const change = (index: number, step: Partial<StepRow>) =>
    onChange(steps.map((old, at) => (at === index ? { ...old, ...step } : old)))

  return (
    <fieldset className={classes.fieldset}>
      <legend>Approval chain</legend>
      {steps.length === 0 ? (
        <p className={classes.none}>{none}</p>
      ) : (
        <ol className={classes.steps}>
          {steps.map((step, index) => (
            <li key={step.key} className={classes.step}>
              <span className={classes.number} aria-hidden="true">
                {index + 1}
              </span>
              <div className={classes.fields}>
                <div className={classes.pair}>
                  <NativeSelect
                    label={`Step ${index + 1}: who decides`}
                    data={typeChoices}
                    value={step.type}
                    onChange={(event) => change(index, { type: event.currentTarget.value as ApproverType })}
                    error={errorOf(`approvers.${index}.type`)}
                  />
                  {step.type !== 'manager' && (
                    <NativeSelect
                      label="How many"
                      data={modeChoices}
                      value={step.mode}
                      onChange={(event) =>
                        change(index, { mode: event.currentTarget.value as StepRow['mode'] })
                      }
                      error={errorOf(`approvers.${index}.mode`)}
                    />
                  )}
                </div>
                {step.type === 'named' && (
                  <PrincipalPicker
                    label={`Approvers of step ${index + 1}`}
                    value={step.principal_ids}
                    onChange={(principal_ids) => change(index, { principal_ids })}
                    error={errorOf(`approvers.${index}.principal_ids`)}
                    most={50}
                  />
                )}
              </div>
              <div className={classes.buttons}>
                <MoveButtons
                  what={`step ${index + 1}`}
                  index={index}
                  count={steps.length}
                  onMove={(to) => onChange(moved(steps, index, to))}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={32}
                  aria-label={`Remove step ${index + 1}`}
                  onClick={() => onChange(steps.filter((_step, at) => at !== index))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </div>
            </li>
          ))}
        </ol>
      )}
      {errorOf('approvers') && <p className={classes.error}>{errorOf('approvers')}</p>}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={15} />}
        disabled={steps.length >= mostSteps}
        onClick={() => onChange([...steps, newStepRow()])}
      >
        Add step
      </Button>
    </fieldset>
  )
}
