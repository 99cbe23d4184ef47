import { userRoleLabels, userRoles } from '@keyhook/contract/directory-words.ts'
import { NativeSelect, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { PersonPicker } from '../components/person-picker.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { FormActions } from './form-actions.tsx'
import classes from './form-sections.module.css'
import { useSavingForm } from './use-saving-form.ts'
import { type UserValues, userAliases, userFieldNames } from './user-values.ts'

type Props = {
  start: UserValues
  isNew: boolean
  /** What is changed here is overwritten by the system that the user comes from. */
  fromScim: boolean
  save: (values: UserValues) => Promise<void>
  cancel: ReactNode
  startAgain: (() => void) | null
}

const roles = userRoles.map((value) => ({ value, label: userRoleLabels[value] }))

/** A user of the directory. */
export function UserForm({ start, isNew, fromScim, save, cancel, startAgain }: Props) {
  const { form, errors, guard, saving, formProps } = useSavingForm({
    start,
    fields: userFieldNames,
    aliases: userAliases,
    save,
  })
  const values = form.getValues()
  const line = (name: keyof UserValues, label: string, description?: string) => (
    <TextInput
      label={label}
      {...(description ? { description } : {})}
      autoComplete="off"
      key={form.key(name)}
      {...form.getInputProps(name)}
    />
  )

  return (
    <form {...formProps} className={classes.form}>
      {fromScim && (
        <Notice tone="warn" title="This user is provisioned by SCIM.">
          What the identity provider sends later takes the place of what is changed here.
        </Notice>
      )}
      <Card title="Who it is">
        <div className={classes.fields}>
          <div className={classes.pair}>
            {line('given_name', 'Given name')}
            {line('family_name', 'Family name')}
          </div>
          <TextInput
            label="E-mail"
            type="email"
            inputMode="email"
            autoComplete="off"
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <TextInput
            label="User name"
            description="The name at the identity provider. Empty: the e-mail address."
            placeholder={values.email}
            autoComplete="off"
            spellCheck={false}
            key={form.key('user_name')}
            {...form.getInputProps('user_name')}
          />
        </div>
      </Card>
      <Card title="In the company">
        <div className={classes.fields}>
          <div className={classes.pair}>
            {line('title', 'Title')}
            {line('department', 'Department')}
          </div>
          <PersonPicker
            label="Manager"
            description="Decides in steps of approval chains that ask the manager."
            value={values.manager}
            onChange={(manager) => form.setFieldValue('manager', manager)}
            error={form.errors.manager}
          />
        </div>
      </Card>
      <Card title="What the user may do here">
        <NativeSelect
          label="Role"
          description="Administrators may do everything; persons ask, see what is theirs, and do what app admins do in their apps."
          data={roles}
          key={form.key('role')}
          {...form.getInputProps('role')}
        />
      </Card>
      <FormActions
        saving={saving}
        errors={errors}
        guard={guard}
        saveLabel={isNew ? 'Add user' : 'Save user'}
        startAgain={startAgain}
        cancel={cancel}
      />
    </form>
  )
}
