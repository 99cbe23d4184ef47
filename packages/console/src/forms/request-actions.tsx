import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { Button } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { accessActions } from '../access-api.ts'
import { confirmAction } from '../components/confirm.tsx'
import { listWords } from '../components/request-words.ts'
import { pb } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { ActionBar } from '../ui/action-bar.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { toast } from '../ui/toast.ts'
import { ApproveForm } from './approve-form.tsx'
import { ReasonForm } from './request-reason-form.tsx'

/** What was read about requests, tasks and access is not true any more. */
export async function refreshRequests(): Promise<void> {
  await Promise.all(['/access-requests', '/tasks', '/inbox', '/grants', '/catalogue'].map(invalidate))
}

function askToCancel({ id, status }: AccessRequestRead): void {
  confirmAction({
    title: 'Cancel this request?',
    body:
      status === 'awaiting_confirmation'
        ? 'Those who set it up are told to stop. What is there already is taken back.'
        : 'Nobody has to decide about it any more. You can ask again at any time.',
    confirmLabel: 'Cancel request',
    cancelLabel: 'Keep it',
    action: async () => {
      await accessActions.requestCancel(id)
      await refreshRequests()
      toast('The request is cancelled.')
    },
  })
}

/** The form, filled in as it was. Longer access is asked for where the access is. */
function AgainLink({ request: { id, app, status, extension } }: { request: AccessRequestRead }) {
  if (extension)
    return (
      <ButtonLink variant="default" size="md" to={pb.myAccess()}>
        Go to My access
      </ButtonLink>
    )
  return (
    <ButtonLink variant="default" size="md" to={pb.requestNew(app.id)} search={{ again: id } as never}>
      {status === 'rejected' ? 'Correct and send again' : 'Ask again'}
    </ButtonLink>
  )
}

/** What the reader may do with a request now; nothing at all when there is nothing. */
export function RequestActions({ request }: { request: AccessRequestRead }) {
  const [open, setOpen] = useState<'approve' | 'deny' | null>(null)
  const { allowed, target_user, app, permissions, id } = request
  const close = () => setOpen(null)
  const decides = allowed.includes('approve')
  const what = `${listWords(permissions.map(({ label }) => label))} of ${app.name} for ${target_user.name}`
  if (allowed.length === 0) return null

  async function decided(word: string) {
    close()
    toast(`You ${word} the request.`)
    await refreshRequests()
  }

  return (
    <>
      <ActionBar label="What you can do" hint={decides ? 'You decide about this request.' : undefined}>
        {allowed.includes('cancel') && (
          <Button variant="default" size="md" onClick={() => askToCancel(request)}>
            Cancel request
          </Button>
        )}
        {allowed.includes('request_again') && <AgainLink request={request} />}
        {allowed.includes('deny') && (
          <Button
            variant="default"
            size="md"
            c="var(--bad)"
            leftSection={<IconX size={18} />}
            onClick={() => setOpen('deny')}
          >
            Deny
          </Button>
        )}
        {decides && (
          <Button size="md" leftSection={<IconCheck size={18} />} onClick={() => setOpen('approve')}>
            Approve
          </Button>
        )}
      </ActionBar>
      <Sheet opened={open === 'approve'} onClose={close} title="Approve this request?" lead={what}>
        <ApproveForm request={request} onCancel={close} onDone={() => decided('approved')} />
      </Sheet>
      <Sheet opened={open === 'deny'} onClose={close} title="Deny this request?" lead={what}>
        <ReasonForm
          field="reason"
          label="Reason"
          description={`${request.requester.name} reads it.`}
          required
          confirmLabel="Deny"
          color="ember"
          onCancel={close}
          act={async (reason) => {
            await accessActions.requestDeny(id, reason)
            await decided('denied')
          }}
        />
      </Sheet>
    </>
  )
}
