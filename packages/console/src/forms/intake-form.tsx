import type { AppRead } from '@keyhook/contract/api/app.ts'
import { Button } from '@mantine/core'
import { IconForms, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { appActions, appApi } from '../app-api.ts'
import { invalidate, useTaggedRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { toast } from '../ui/toast.ts'
import { FormActions } from './form-actions.tsx'
import { IntakeFieldEditor } from './intake-field-editor.tsx'
import { type IntakeValues, intakeErrorFields, intakeMember, intakeRow } from './intake-field-values.ts'
import styles from './intake-form.module.css'
import { moved } from './moved.ts'
import { useSavingForm } from './use-saving-form.ts'

const mostFields = 50

/** The questions that an app asks of those who request it. */
export function IntakeForm({ app }: { app: AppRead }) {
  const [round, setRound] = useState(0)
  async function startAgain() {
    await invalidate(`/apps/${app.id}`)
    setRound(round + 1)
  }
  return <Editor key={round} id={app.id} startAgain={() => void startAgain()} />
}

function Editor({ id, startAgain }: { id: string; startAgain: () => void }) {
  const latest = useTaggedRead(appApi.appView(id))
  // The version that the form started from. A later one would hide that somebody else changed it meanwhile.
  const [{ value: app, etag }] = useState(latest)
  const { form, errors, guard, saving, errorOf, formProps } = useSavingForm<IntakeValues>({
    start: { intake_fields: app.intake_fields.map(intakeRow) },
    fields: intakeErrorFields,
    save: async ({ intake_fields }) => {
      await appActions.appChange(id, { intake_fields: intake_fields.map(intakeMember) }, etag)
      toast('The intake fields are saved.')
      startAgain()
    },
  })
  const [opened, setOpened] = useState<string | null>(null)
  const { intake_fields: rows } = form.getValues()
  const set = (intake_fields: IntakeValues['intake_fields']) => form.setValues({ intake_fields })

  // What the server said names fields by their place, which is another one now.
  function rearrange(intake_fields: IntakeValues['intake_fields']) {
    errors.clear()
    set(intake_fields)
  }
  function add() {
    const row = intakeRow(null)
    rearrange([...rows, row])
    setOpened(row.key)
  }
  const button = (
    <Button
      variant={rows.length === 0 ? 'filled' : 'default'}
      size="xs"
      leftSection={<IconPlus size={15} />}
      disabled={rows.length >= mostFields}
      onClick={add}
    >
      Add field
    </Button>
  )

  return (
    <form {...formProps} className={styles.form}>
      {rows.length === 0 ? (
        <Card>
          <EmptyState icon={<IconForms size={28} />} title="No intake fields" actions={button}>
            Questions of your own, for example a cost centre or a ticket number. The answers are sent to
            webhooks as <code>custom_fields</code>.
          </EmptyState>
        </Card>
      ) : (
        <Card title="Intake fields" aside={button} flush>
          <p className={styles.lead}>
            Asked in this order when somebody requests {app.name}. Requests that are under way keep the
            answers that they have.
          </p>
          <ol className={styles.rows} aria-label="Intake fields">
            {rows.map((row, index) => (
              <IntakeFieldEditor
                key={row.key}
                row={row}
                index={index}
                count={rows.length}
                open={opened === row.key}
                toggle={(open) => setOpened(open ? row.key : null)}
                change={(part) => set(rows.map((one) => (one.key === row.key ? { ...one, ...part } : one)))}
                move={(to) => rearrange(moved(rows, index, to))}
                remove={() => rearrange(rows.filter(({ key }) => key !== row.key))}
                errorOf={(member) => errorOf(`intake_fields.${index}.${member}`)}
              />
            ))}
          </ol>
        </Card>
      )}
      {(form.isDirty() || errors.formError !== null) && (
        <FormActions
          saving={saving}
          errors={errors}
          guard={guard}
          saveLabel="Save intake fields"
          startAgain={startAgain}
          cancel={
            <Button variant="default" onClick={startAgain}>
              Discard changes
            </Button>
          }
        />
      )}
    </form>
  )
}
