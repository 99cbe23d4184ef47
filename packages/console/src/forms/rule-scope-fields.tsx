import type { PermissionRead } from '@keyhook/contract/api/app.ts'
import { MultiSelect, Radio, Stack } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { PrincipalPicker } from './principal-picker.tsx'
import type { RuleValues } from './rule-values.ts'

type Props = { form: UseFormReturnType<RuleValues>; permissions: readonly PermissionRead[] }

/** For whom and for what a rule is. */
export function RuleScopeFields({ form, permissions }: Props) {
  const { who, what, principal_ids, permission_ids } = form.getValues()
  const choices = permissions.map(({ id, label }) => ({ value: id, label }))
  for (const id of permission_ids) {
    if (!permissions.some((permission) => permission.id === id))
      choices.push({ value: id, label: 'An archived permission' })
  }
  return (
    <>
      <Radio.Group
        label="Who it is for"
        value={who}
        onChange={(value) => form.setFieldValue('who', value as RuleValues['who'])}
      >
        <Stack gap={8} mt={8}>
          <Radio value="everyone" label="Everyone" />
          <Radio value="some" label="Some users and groups" />
        </Stack>
      </Radio.Group>
      {who === 'some' && (
        <PrincipalPicker
          label="Users and groups"
          description="One of them is enough."
          value={principal_ids}
          onChange={(ids) => form.setFieldValue('principal_ids', ids)}
          error={form.errors.principal_ids}
          most={400}
        />
      )}
      <Radio.Group
        label="What is asked for"
        value={what}
        onChange={(value) => form.setFieldValue('what', value as RuleValues['what'])}
      >
        <Stack gap={8} mt={8}>
          <Radio value="all" label="All permissions" />
          <Radio value="some" label="Some permissions" />
        </Stack>
      </Radio.Group>
      {what === 'some' && (
        <MultiSelect
          label="Permissions"
          description="A request for others too is left to the approvers."
          data={choices}
          value={permission_ids}
          onChange={(ids) => form.setFieldValue('permission_ids', ids)}
          searchable
          hidePickedOptions
          nothingFoundMessage="No permission of that name."
          error={form.errors.permission_ids}
        />
      )}
    </>
  )
}
