import type { ReactNode } from 'react'
import { Card } from '../ui/card.tsx'
import { AppAboutFields } from './app-about-fields.tsx'
import { AppAccessFields } from './app-access-fields.tsx'
import { AppApprovalFields } from './app-approval-fields.tsx'
import { type AppValues, appAliases, appFields } from './app-values.ts'
import { AttachedWebhooksFields } from './attached-webhooks-fields.tsx'
import { FormActions } from './form-actions.tsx'
import classes from './form-sections.module.css'
import { useSavingForm } from './use-saving-form.ts'

type Props = {
  start: AppValues
  isNew: boolean
  /** Whose the app is, and which webhooks run, is left to administrators. */
  admin: boolean
  save: (values: AppValues) => Promise<void>
  cancel: ReactNode
  startAgain: (() => void) | null
}

const none = {
  request_validation: 'None: every request goes on',
  provisioning: 'None: app admins give access by hand',
  deprovisioning: 'None: app admins remove access by hand',
}

/** All settings of an app but its permissions, rules and intake fields, which have pages of their own. */
export function AppForm({ start, isNew, admin, save, cancel, startAgain }: Props) {
  const { form, errors, guard, saving, errorOf, formProps } = useSavingForm({
    start,
    fields: appFields,
    aliases: appAliases,
    save,
  })
  const values = form.getValues()

  return (
    <form {...formProps} className={classes.form}>
      <Card title="About the app">
        <AppAboutFields form={form} isNew={isNew} admin={admin} />
      </Card>
      <Card title="Who may request it, and for how long">
        <AppAccessFields form={form} />
      </Card>
      <Card title="Who approves">
        <AppApprovalFields form={form} />
      </Card>
      {admin && (
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
        saveLabel={isNew ? 'Add app' : 'Save app'}
        startAgain={startAgain}
        cancel={cancel}
      />
    </form>
  )
}
