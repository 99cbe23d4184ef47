import { Button } from '@mantine/core'
import { useState } from 'react'
import { CopyTextButton } from '../ui/copy-button.tsx'
import { Notice } from '../ui/notice.tsx'
import { forgetSecret, newSecretOf } from './new-secret.ts'
import classes from './new-secret-notice.module.css'

/** After saving a new webhook: its signing secret, for the last time. */
export function NewSecretNotice({ webhookId }: { webhookId: string }) {
  const [secret, setSecret] = useState(newSecretOf(webhookId))
  if (secret === undefined) return null
  return (
    <Notice
      tone="good"
      title="Saved. This is the last time the signing secret is shown."
      action={
        <div className={classes.buttons}>
          <CopyTextButton value={secret} label="Copy signing secret" />
          <Button
            variant="subtle"
            onClick={() => {
              forgetSecret(webhookId)
              setSecret(undefined)
            }}
          >
            I have it
          </Button>
        </div>
      }
    >
      <code className={classes.secret}>{secret}</code>
    </Notice>
  )
}
