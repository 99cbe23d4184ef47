import type { PermissionRead } from '@keyhook/contract/api/app.ts'
import { Switch, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { Card } from '../ui/card.tsx'
import { CelField } from './cel-field.tsx'
import { FormActions } from './form-actions.tsx'
import classes from './form-sections.module.css'
import { OptionalDurationField } from './optional-duration-field.tsx'
import { RuleScopeFields } from './rule-scope-fields.tsx'
import { type RuleValues, ruleAliases, ruleFields, ruleProblems } from './rule-values.ts'
import { RuleWebhooksField } from './rule-webhooks-field.tsx'
import { useSavingForm } from './use-saving-form.ts'

type Props = {
  appId: string
  start: RuleValues
  isNew: boolean
  permissions: readonly PermissionRead[]
  save: (values: RuleValues) => Promise<void>
  cancel: ReactNode
  startAgain: (() => void) | null
}

/** A pre-approval rule: conditions that must all hold for access to be given without asking anybody. */
export function RuleForm({ appId, start, isNew, permissions, save, cancel, startAgain }: Props) {
  const { form, errors, guard, saving, formProps } = useSavingForm({
    start,
    fields: ruleFields,
    aliases: ruleAliases,
    check: ruleProblems,
    save,
  })
  const values = form.getValues()

  return (
    <form {...formProps} className={classes.form}>
      <Card title="The rule">
        <div className={classes.fields}>
          <TextInput
            label="Name"
            description="Shown in the log of a request that it pre-approves."
            placeholder="Engineers on call"
            autoComplete="off"
            key={form.key('name')}
            {...form.getInputProps('name')}
          />
          <Switch
            label="Enabled"
            description="A rule that is not is passed over."
            key={form.key('enabled')}
            {...form.getInputProps('enabled', { type: 'checkbox' })}
          />
        </div>
      </Card>
      <Card title="It holds when all of this is so">
        <div className={classes.fields}>
          <RuleScopeFields form={form} permissions={permissions} />
          <OptionalDurationField
            toggle="Only for access up to some length"
            description="Access that is longer, or has no end, is then left to the approvers."
            label="Longest access"
            value={values.longest}
            onChange={(longest) => form.setFieldValue('longest', longest)}
            error={form.errors.longest}
          />
          <CelField
            label="Condition"
            description="CEL over payload, what pre-approval webhooks are sent. Empty: no further condition."
            placeholder={'payload.target_user.email.endsWith("@example.com")'}
            value={values.condition}
            onChange={(condition) => form.setFieldValue('condition', condition)}
            error={form.errors.condition}
          />
          <RuleWebhooksField form={form} appId={appId} />
        </div>
      </Card>
      <Card title="What goes into the log">
        <Textarea
          label="Justification"
          description="Why access may be given without asking, for those who read the log later. Optional."
          rows={2}
          resize="vertical"
          key={form.key('business_justification')}
          {...form.getInputProps('business_justification')}
        />
      </Card>
      <FormActions
        saving={saving}
        errors={errors}
        guard={guard}
        saveLabel={isNew ? 'Add rule' : 'Save rule'}
        startAgain={startAgain}
        cancel={cancel}
      />
    </form>
  )
}
