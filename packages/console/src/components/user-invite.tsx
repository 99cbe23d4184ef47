import type { UserDetail } from '@keyhook/contract/api/user.ts'
import { Button, TextInput } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { sentenceOf } from '../api-error.ts'
import { directoryActions } from '../directory-api.ts'
import { invalidate } from '../query.ts'
import { CopyTextButton } from '../ui/copy-button.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Time } from '../ui/time.tsx'
import { toastError } from '../ui/toast.ts'
import classes from './user-invite.module.css'

/** Makes a one-time link with which a user chooses a password, and shows it once. */
export function UserInvite({ user }: { user: UserDetail }) {
  const inviting = useMutation({
    mutationFn: () => directoryActions.userInvite(user.id),
    onSuccess: () => invalidate('/users'),
    onError: (error) => toastError(sentenceOf(error)),
  })
  const invitation = inviting.data
  return (
    <>
      <Button
        leftSection={<IconSend size={16} />}
        loading={inviting.isPending}
        variant={user.has_account ? 'default' : 'filled'}
        onClick={() => inviting.mutate()}
      >
        {user.has_account ? 'New password link' : 'Invite'}
      </Button>
      <Sheet
        opened={invitation !== undefined}
        onClose={inviting.reset}
        title={`A link for ${user.name}`}
        size="lg"
        lead={
          invitation?.mailed
            ? `A mail with it is on its way to ${user.email}. It can be given by hand as well.`
            : 'No mail is set up, so give it to them yourself, and to nobody else.'
        }
      >
        {invitation && (
          <div className={classes.link}>
            <TextInput
              label="One-time link"
              readOnly
              value={invitation.url}
              onFocus={(event) => event.currentTarget.select()}
              classNames={{ input: classes.url ?? '' }}
            />
            <p className={classes.hint}>
              Shown this once. It works once, until <Time value={invitation.expires_at} />; earlier links of{' '}
              {user.name} do not work any more.
            </p>
            <div className={classes.buttons}>
              <CopyTextButton value={invitation.url} label="Copy link" />
              <Button onClick={inviting.reset}>Done</Button>
            </div>
          </div>
        )}
      </Sheet>
    </>
  )
}
