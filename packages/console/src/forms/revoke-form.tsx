import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import { accessActions } from '../access-api.ts'
import { SheetButton } from '../ui/sheet-button.tsx'
import { toast } from '../ui/toast.ts'
import { refreshRequests } from './request-actions.tsx'
import { ReasonForm } from './request-reason-form.tsx'

/** Takes access away, with a reason that goes into the log. */
export function RevokeButton({ grant }: { grant: GrantRead }) {
  const { id, permission, app, user } = grant
  return (
    <SheetButton
      variant="subtle"
      c="var(--bad)"
      size="compact-sm"
      aria-label={`Revoke ${permission.label} of ${user.name}`}
      label="Revoke"
      title="Revoke this access?"
      lead={`${user.name} loses ${permission.label} of ${app.name}. It is removed at once, by its webhook or by hand.`}
    >
      {(close) => (
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
      )}
    </SheetButton>
  )
}
