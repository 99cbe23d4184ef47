import type { GroupRead } from '@keyhook/contract/api/group.ts'
import { Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { FormActions } from './form-actions.tsx'
import classes from './form-sections.module.css'
import { useSavingForm } from './use-saving-form.ts'

export type GroupValues = { name: string; description: string }

type Props = {
  /** null for a new one. */
  group: GroupRead | null
  save: (members: { name: string; description: string | null }) => Promise<void>
  cancel: ReactNode
  startAgain: (() => void) | null
}

/** What a group is called. Its members are added on its page. */
export function GroupForm({ group, save, cancel, startAgain }: Props) {
  const { form, errors, guard, saving, formProps } = useSavingForm<GroupValues>({
    start: { name: group?.name ?? '', description: group?.description ?? '' },
    fields: ['name', 'description'],
    save: ({ name, description }) =>
      save({ name, description: description.trim() === '' ? null : description }),
  })
  return (
    <form {...formProps} className={classes.form}>
      {group?.source === 'scim' && (
        <Notice tone="warn" title="This group is pushed by SCIM.">
          What the identity provider sends later takes the place of what is changed here.
        </Notice>
      )}
      <Card>
        <div className={classes.fields}>
          <TextInput label="Name" autoComplete="off" key={form.key('name')} {...form.getInputProps('name')} />
          <Textarea
            label="Description"
            description="Optional: who is in it, and what for."
            rows={2}
            resize="vertical"
            key={form.key('description')}
            {...form.getInputProps('description')}
          />
        </div>
      </Card>
      <FormActions
        saving={saving}
        errors={errors}
        guard={guard}
        saveLabel={group ? 'Save group' : 'Add group'}
        startAgain={startAgain}
        cancel={cancel}
      />
    </form>
  )
}
