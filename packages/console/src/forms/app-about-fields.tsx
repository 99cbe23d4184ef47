import { Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { AppIcon } from '../ui/app-icon.tsx'
import { Fold } from '../ui/fold.tsx'
import styles from './app-form.module.css'
import type { AppValues } from './app-values.ts'
import classes from './form-sections.module.css'
import { PrincipalPicker } from './principal-picker.tsx'

type Props = { form: UseFormReturnType<AppValues>; isNew: boolean; admin: boolean }

/** What the app is called, and whose it is. */
export function AppAboutFields({ form, isNew, admin }: Props) {
  const { name, icon } = form.getValues()
  return (
    <div className={classes.fields}>
      <div className={styles.sign}>
        <AppIcon name={name.trim() || '?'} icon={icon.trim() || null} size="lg" />
        <TextInput
          label="Name"
          autoComplete="off"
          className={styles.grow ?? ''}
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <TextInput
          label="Icon"
          placeholder="Emoji or letters"
          className={styles.icon ?? ''}
          autoComplete="off"
          key={form.key('icon')}
          {...form.getInputProps('icon')}
        />
      </div>
      <Textarea
        label="Description"
        description="What it is for, in the words of those who will look for it in the catalogue."
        rows={3}
        resize="vertical"
        key={form.key('description')}
        {...form.getInputProps('description')}
      />
      <TextInput
        label="Category"
        description="Groups apps in the catalogue, for example: Engineering"
        className={styles.short ?? ''}
        autoComplete="off"
        key={form.key('category')}
        {...form.getInputProps('category')}
      />
      {admin && <Ownership form={form} />}
      <Fold
        className={styles.fold}
        summary={isNew ? 'Names for programs (made from the name)' : 'Names for programs'}
        forceOpen={Boolean(form.errors.app_id ?? form.errors.instance_id)}
      >
        <div className={classes.pair}>
          <TextInput
            label="Name of the app"
            description={<code>application.app_id</code>}
            placeholder={isNew ? 'demo_app' : ''}
            spellCheck={false}
            autoComplete="off"
            key={form.key('app_id')}
            {...form.getInputProps('app_id')}
          />
          <TextInput
            label="Name of this installation"
            description={<code>application.instance_id</code>}
            spellCheck={false}
            autoComplete="off"
            key={form.key('instance_id')}
            {...form.getInputProps('instance_id')}
          />
        </div>
      </Fold>
    </div>
  )
}

function Ownership({ form }: Pick<Props, 'form'>) {
  const { owner_id, admins } = form.getValues()
  return (
    <>
      <PrincipalPicker
        label="Owner"
        description="Who answers for the app."
        kind="user"
        most={1}
        value={owner_id === '' ? [] : [owner_id]}
        onChange={([id]) => form.setFieldValue('owner_id', id ?? '')}
        error={form.errors.owner_id}
      />
      <PrincipalPicker
        label="App admins"
        description="They change these settings, do what is to be done by hand, and see who has access. Nobody: the administrators do."
        value={admins}
        onChange={(ids) => form.setFieldValue('admins', ids)}
        error={form.errors.admins}
        most={100}
      />
    </>
  )
}
