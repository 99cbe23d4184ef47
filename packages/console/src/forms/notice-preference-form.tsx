import type { NoticePreferencesRead } from '@keyhook/contract/api/notice.ts'
import {
  type ChatKind,
  chatKindLabels,
  chatKinds,
  type NoticeChoice,
  noticeGroupLabels,
  noticeGroups,
} from '@keyhook/contract/notice-words.ts'
import { Button, NativeSelect } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { accountActions } from '../account-api.ts'
import type { FieldErrors } from '../problem-errors.ts'
import { invalidate } from '../query.ts'
import { MaskedInput } from '../ui/masked-input.tsx'
import { Notice } from '../ui/notice.tsx'
import { toast } from '../ui/toast.ts'
import { FormErrorNotice } from './form-error.tsx'
import classes from './notice-preference-form.module.css'
import {
  lacksChat,
  type PreferenceValues,
  preferenceChangeOf,
  preferenceValuesOf,
} from './notice-preference-values.ts'
import { useFormErrors } from './use-form-errors.ts'

type Props = { saved: NoticePreferencesRead }
type ChatProps = Props & {
  values: PreferenceValues
  set: (change: Partial<PreferenceValues>) => void
  error: string | undefined
}

/** The address of an incoming webhook is a secret: what is kept is not shown. */
function OwnChat({ saved, values, set, error }: ChatProps) {
  if (values.chat === 'kept' && saved.chat) {
    return (
      <div className={classes.kept}>
        <span className={classes.keptWords}>
          Your chat: {chatKindLabels[saved.chat.kind]} at {saved.chat.host}
        </span>
        <Button variant="default" size="xs" onClick={() => set({ chat: 'new' })}>
          Replace
        </Button>
        <Button variant="default" size="xs" onClick={() => set({ chat: 'none' })}>
          Forget
        </Button>
      </div>
    )
  }
  if (values.chat === 'none') {
    return (
      <div>
        <Button variant="default" size="xs" onClick={() => set({ chat: 'new' })}>
          Use a chat of my own
        </Button>
      </div>
    )
  }
  return (
    <>
      <NativeSelect
        label="Which chat"
        data={chatKinds.map((kind) => ({ value: kind, label: chatKindLabels[kind] }))}
        value={values.chat_kind}
        onChange={(event) => set({ chat_kind: event.currentTarget.value as ChatKind })}
      />
      <MaskedInput
        label="Address of its incoming webhook"
        description="From the settings of your chat. It is kept encrypted and never shown again."
        placeholder="https://hooks.slack.com/services/…"
        value={values.chat_url}
        onChange={(event) => set({ chat_url: event.currentTarget.value })}
        error={error}
      />
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => set({ chat: saved.chat ? 'kept' : 'none', chat_url: '' })}
        >
          {saved.chat ? 'Keep the one I had' : 'No chat'}
        </Button>
      </div>
    </>
  )
}

/** What the reader is told about, and how. */
export function NoticePreferenceForm({ saved }: Props) {
  const formRef = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState(() => preferenceValuesOf(saved))
  const [fieldErrors, setErrors] = useState<FieldErrors>({})
  const errors = useFormErrors({
    formRef,
    setErrors,
    fields: ['chat_url', ...noticeGroups],
    aliases: { 'chat.url': 'chat_url', chat: 'chat_url' },
  })
  const set = (change: Partial<PreferenceValues>) => setValues((old) => ({ ...old, ...change }))
  const saving = useMutation({
    mutationFn: () => {
      errors.clear()
      return accountActions.noticePreferencesChange(preferenceChangeOf(values))
    },
    onSuccess: async (after) => {
      setValues(preferenceValuesOf(after))
      await invalidate('/me/notice-preferences')
      toast('Saved.')
    },
    onError: errors.show,
  })
  const choices = [
    { value: 'mail', label: saved.mail_available ? `E-mail to ${saved.email}` : 'E-mail (not set up yet)' },
    { value: 'chat', label: 'My chat' },
    { value: 'none', label: 'Not at all' },
  ]

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!saving.isPending) saving.mutate()
  }

  return (
    <form ref={formRef} className={classes.form} noValidate onSubmit={submit}>
      {!saved.mail_available && (
        <Notice tone="info">
          No mail is set up here yet, so nothing is mailed. “For me” always shows what waits.
        </Notice>
      )}
      {noticeGroups.map((group) => (
        <NativeSelect
          key={group}
          label={noticeGroupLabels[group]}
          data={choices}
          value={values.choices[group]}
          onChange={(event) =>
            set({ choices: { ...values.choices, [group]: event.currentTarget.value as NoticeChoice } })
          }
          error={fieldErrors[group]}
        />
      ))}
      <OwnChat saved={saved} values={values} set={set} error={fieldErrors.chat_url} />
      {lacksChat(values) && (
        <Notice tone="warn">Nothing reaches you by chat until its address is given below the list.</Notice>
      )}
      <FormErrorNotice error={errors.formError} />
      <div>
        <Button type="submit" loading={saving.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}
