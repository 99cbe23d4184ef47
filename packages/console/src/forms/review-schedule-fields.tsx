import { type ReviewDefault, reviewDefaults } from '@keyhook/contract/access-words.ts'
import { Radio, Stack, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import classes from './form-sections.module.css'
import { OptionalDurationField } from './optional-duration-field.tsx'
import type { ReviewValues } from './review-values.ts'

type Props = { form: UseFormReturnType<ReviewValues> }

const defaults: Readonly<Record<ReviewDefault, { label: string; description: string }>> = {
  none: { label: 'It stays, as not decided', description: 'The report says that nobody decided.' },
  keep: { label: 'It is kept', description: 'As if the reviewer had said so.' },
  remove: { label: 'It is removed', description: 'Silence takes access away: tell reviewers.' },
}

/** What a review is called, and what reviewers should know. */
export function ReviewNameFields({ form }: Props) {
  return (
    <div className={classes.fields}>
      <TextInput
        label="Name"
        placeholder="Quarterly review, production"
        autoComplete="off"
        key={form.key('name')}
        {...form.getInputProps('name')}
      />
      <Textarea
        label="What reviewers should know"
        description="Shown above the list that they go through. Optional."
        rows={2}
        resize="vertical"
        key={form.key('description')}
        {...form.getInputProps('description')}
      />
    </div>
  )
}

/** Until when reviewers decide, and what happens when they do not. */
export function ReviewScheduleFields({ form }: Props) {
  const { default_decision, remind_before } = form.getValues()
  return (
    <div className={classes.fields}>
      <TextInput
        label="Deadline"
        type="datetime-local"
        maw={280}
        key={form.key('deadline')}
        {...form.getInputProps('deadline')}
      />
      <OptionalDurationField
        toggle="Remind reviewers"
        label="Before the deadline"
        value={remind_before}
        onChange={(value) => form.setFieldValue('remind_before', value)}
        error={form.errors.remind_before}
      />
      <Radio.Group
        label="Access that nobody decided about by then"
        value={default_decision}
        onChange={(value) => form.setFieldValue('default_decision', value as ReviewDefault)}
        error={form.errors.default_decision}
      >
        <Stack gap={10} mt={8}>
          {reviewDefaults.map((value) => (
            <Radio key={value} value={value} {...defaults[value]} />
          ))}
        </Stack>
      </Radio.Group>
    </div>
  )
}
