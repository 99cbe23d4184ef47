import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { accessActions } from '../access-api.ts'
import { Sheet } from '../ui/sheet.tsx'
import { toast } from '../ui/toast.ts'
import { refreshRequests } from './request-actions.tsx'
import { ReasonForm } from './request-reason-form.tsx'

/** Takes access away, with a reason that goes into the log. */
export function RevokeButton({ grant }: { grant: GrantRead }) {
  const [opened, setOpened] = useState(false)
  const close = () => setOpened(false)
  const { id, permission, app, user } = grant
  return (
    <>
      <Button
        variant="subtle"
        c="var(--bad)"
        size="compact-sm"
        aria-label={`Revoke ${permission.label} of ${user.name}`}
        onClick={() => setOpened(true)}
      >
        Revoke
      </Button>
      <Sheet
        opened={opened}
        onClose={close}
        title="Revoke this access?"
        lead={`${user.name} loses ${permission.label} of ${app.name}. It is removed at once, by its webhook or by hand.`}
      >
        <ReasonForm
          field="reason"
          label="Reason"
          description="It goes into the activity log."
          required
          confirmLabel="Revoke"
          color="ember"
          onCancel={close}
          act={async (reason) => {
            await accessActions.grantRevoke(id, reason)
            close()
            toast(`${permission.label} of ${user.name} is being removed.`)
            await refreshRequests()
          }}
        />
      </Sheet>
    </>
  )
}
