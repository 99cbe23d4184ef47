import type { NoticeChannelRead } from '@keyhook/contract/api/notice.ts'
import {
  type ChatKind,
  chatKindLabels,
  chatKinds,
  noticeKindTable,
  teamNoticeKinds,
} from '@keyhook/contract/notice-words.ts'
import { MultiSelect, NativeSelect, Radio, Stack, Switch, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Card } from '../ui/card.tsx'
import { MaskedInput } from '../ui/masked-input.tsx'
import { AppPicker } from './app-picker.tsx'
import { type ChannelValues, channelFields, channelProblems, channelValuesOf } from './channel-values.ts'
import { FormActions } from './form-actions.tsx'
import classes from './form-sections.module.css'
import { useSavingForm } from './use-saving-form.ts'

type Props = {
  /** null for a new one. */
  channel: NoticeChannelRead | null
  save: (values: ChannelValues) => Promise<void>
  cancel: ReactNode
  startAgain: (() => void) | null
}

const chats = chatKinds.map((value) => ({ value, label: chatKindLabels[value] }))
const kinds = teamNoticeKinds.map((value) => ({ value, label: noticeKindTable[value].label }))

/** A channel of a team in a chat, and what it is told. */
export function ChannelForm({ channel, save, cancel, startAgain }: Props) {
  const [start] = useState(() => channelValuesOf(channel))
  const { form, errors, guard, saving, formProps } = useSavingForm<ChannelValues>({
    start,
    fields: channelFields,
    check: channelProblems,
    save,
  })
  const values = form.getValues()

  return (
    <form {...formProps} className={classes.form}>
      <Card title="The channel">
        <div className={classes.fields}>
          <TextInput
            label="Name"
            placeholder="#it-access"
            autoComplete="off"
            key={form.key('name')}
            {...form.getInputProps('name')}
          />
          <NativeSelect
            label="Chat"
            data={chats}
            value={values.kind}
            onChange={(event) => form.setFieldValue('kind', event.currentTarget.value as ChatKind)}
            error={form.errors.kind}
          />
          <MaskedInput
            label="Incoming webhook URL"
            description={
              channel
                ? `A URL of ${channel.host} is stored. Enter another to replace it.`
                : 'Made in the chat for one channel. It is a secret: it is stored encrypted and never shown again.'
            }
            inputMode="url"
            key={form.key('url')}
            {...form.getInputProps('url')}
          />
          <Switch
            label="Enabled"
            key={form.key('enabled')}
            {...form.getInputProps('enabled', { type: 'checkbox' })}
          />
        </div>
      </Card>
      <Card title="What it is told">
        <div className={classes.fields}>
          <Radio.Group
            label="About which apps"
            value={values.about}
            onChange={(about) => form.setFieldValue('about', about as ChannelValues['about'])}
          >
            <Stack gap={8} mt={8}>
              <Radio value="all" label="Every app" />
              <Radio value="some" label="Some apps" />
            </Stack>
          </Radio.Group>
          {values.about === 'some' && (
            <AppPicker
              label="Apps"
              value={values.app_ids}
              onChange={(ids) => form.setFieldValue('app_ids', ids)}
              error={form.errors.app_ids}
            />
          )}
          <Radio.Group
            label="Which notices"
            value={values.told}
            onChange={(told) => form.setFieldValue('told', told as ChannelValues['told'])}
          >
            <Stack gap={8} mt={8}>
              <Radio value="all" label="Everything" />
              <Radio value="some" label="Some kinds" />
            </Stack>
          </Radio.Group>
          {values.told === 'some' && (
            <MultiSelect
              label="Kinds of notices"
              data={kinds}
              value={values.kinds}
              onChange={(chosen) => form.setFieldValue('kinds', chosen as ChannelValues['kinds'])}
              searchable
              hidePickedOptions
              error={form.errors.kinds}
            />
          )}
        </div>
      </Card>
      <FormActions
        saving={saving}
        errors={errors}
        guard={guard}
        saveLabel={channel ? 'Save channel' : 'Add channel'}
        startAgain={startAgain}
        cancel={cancel}
      />
    </form>
  )
}
