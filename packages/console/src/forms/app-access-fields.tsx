import { NumberInput, Radio, Stack, Switch } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { AppLengthsField } from './app-lengths-field.tsx'
import type { AppValues } from './app-values.ts'
import classes from './form-sections.module.css'
import { PrincipalPicker } from './principal-picker.tsx'

/** Who may ask for how much. */
export function AppAccessFields({ form }: { form: UseFormReturnType<AppValues> }) {
  const { visibility, visible_to, access_lengths_seconds, inactivity } = form.getValues()
  return (
    <div className={classes.fields}>
      <Radio.Group
        label="Who may request it"
        value={visibility}
        onChange={(value) => form.setFieldValue('visibility', value as AppValues['visibility'])}
      >
        <Stack gap={8} mt={8}>
          <Radio value="everyone" label="Everyone" />
          <Radio value="some" label="Only some: others do not see it in the catalogue" />
        </Stack>
      </Radio.Group>
      {visibility === 'some' && (
        <PrincipalPicker
          label="Users and groups who may request it"
          value={visible_to}
          onChange={(ids) => form.setFieldValue('visible_to', ids)}
          error={form.errors.visible_to}
        />
      )}
      <Switch
        label="May be requested for a colleague"
        description="Otherwise people request it for themselves only."
        key={form.key('request_for_others')}
        {...form.getInputProps('request_for_others', { type: 'checkbox' })}
      />
      <AppLengthsField
        value={access_lengths_seconds}
        onChange={(lengths) => form.setFieldValue('access_lengths_seconds', lengths)}
        error={form.errors.access_lengths_seconds}
      />
      <div className={classes.nested}>
        <Switch
          label="Take away access that is not used"
          description="Counts only for people whose last use is known, by the API or by a CSV file."
          key={form.key('inactivity.on')}
          {...form.getInputProps('inactivity.on', { type: 'checkbox' })}
        />
        {inactivity.on && (
          <div className={classes.pair}>
            <NumberInput
              label="Notice after (days without use)"
              allowNegative={false}
              key={form.key('inactivity.after_days')}
              {...form.getInputProps('inactivity.after_days')}
            />
            <NumberInput
              label="Removed (days after the notice)"
              allowNegative={false}
              key={form.key('inactivity.notice_days')}
              {...form.getInputProps('inactivity.notice_days')}
            />
          </div>
        )}
      </div>
    </div>
  )
}
