import { permissionSources } from '@keyhook/contract/access-words.ts'
import { NativeSelect, Radio, Stack, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { Card } from '../ui/card.tsx'
import { ApproverSteps } from './approver-steps.tsx'
import { AttachedWebhooksFields } from './attached-webhooks-fields.tsx'
import { FormActions } from './form-actions.tsx'
import classes from './form-sections.module.css'
import { type PermissionValues, permissionFields } from './permission-values.ts'
import { useSavingForm } from './use-saving-form.ts'

type Props = {
  start: PermissionValues
  isNew: boolean
  /** Which webhooks run is for administrators. */
  mayAttach: boolean
  save: (values: PermissionValues) => Promise<void>
  cancel: ReactNode
  startAgain: (() => void) | null
}

const none = {
  request_validation: 'None: only that of the app',
  provisioning: 'That of the app',
  deprovisioning: 'That of the app',
}

/** A permission: what it is, who approves it, and which webhooks run for it in place of those of the app. */
export function PermissionForm({ start, isNew, mayAttach, save, cancel, startAgain }: Props) {
  const { form, errors, guard, saving, errorOf, formProps } = useSavingForm({
    start,
    fields: permissionFields,
    save,
  })
  const values = form.getValues()

  return (
    <form {...formProps} className={classes.form}>
      <Card title="What people get">
        <div className={classes.fields}>
          <TextInput
            label="Label"
            description="What people read, for example: Reader"
            autoComplete="off"
            key={form.key('label')}
            {...form.getInputProps('label')}
          />
          <Textarea
            label="Description"
            description="What one can do with it; shown beside the label."
            rows={2}
            resize="vertical"
            key={form.key('description')}
            {...form.getInputProps('description')}
          />
          <div className={classes.pair}>
            <TextInput
              label="Value"
              description="What the receiver knows it by. Empty: the label."
              placeholder={values.label}
              spellCheck={false}
              autoComplete="off"
              key={form.key('value')}
              {...form.getInputProps('value')}
            />
            <NativeSelect
              label="Source"
              description="Where it is kept, as the payload says it."
              data={[...permissionSources]}
              key={form.key('source')}
              {...form.getInputProps('source')}
            />
          </div>
        </div>
      </Card>
      <Card title="Who approves">
        <div className={classes.fields}>
          <Radio.Group
            aria-label="Approval chain of this permission"
            value={values.own_chain ? 'own' : 'app'}
            onChange={(value) => form.setFieldValue('own_chain', value === 'own')}
          >
            <Stack gap={8}>
              <Radio value="app" label="The approvers of the app" />
              <Radio value="own" label="Approvers of its own" />
            </Stack>
          </Radio.Group>
          {values.own_chain && (
            <ApproverSteps
              steps={values.approvers}
              onChange={(steps) => form.setFieldValue('approvers', steps)}
              errorOf={errorOf}
              none="No step: this permission is approved without asking anybody."
            />
          )}
        </div>
      </Card>
      {mayAttach && (
        <Card title="Webhooks">
          <AttachedWebhooksFields
            value={values.webhooks}
            onChange={(webhooks) => form.setValues({ webhooks })}
            errorOf={errorOf}
            none={none}
          />
        </Card>
      )}
      <FormActions
        saving={saving}
        errors={errors}
        guard={guard}
        saveLabel={isNew ? 'Add permission' : 'Save permission'}
        startAgain={startAgain}
        cancel={cancel}
      />
    </form>
  )
}
