import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { Button } from '@mantine/core'
import { IconCheck, IconRotateClockwise } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { accessActions } from '../access-api.ts'
import { sentenceOf } from '../api-error.ts'
import { confirmAction } from '../components/confirm.tsx'
import { mayHappenTwice, taskSentence } from '../components/task-words.ts'
import { pb } from '../path-builder.ts'
import { ActionBar } from '../ui/action-bar.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { toast, toastError } from '../ui/toast.ts'
import { refreshRequests } from './request-actions.tsx'
import { ReasonForm } from './request-reason-form.tsx'

function SendAgain({ task }: { task: TaskRead }) {
  const router = useRouter()
  const sending = useMutation({
    mutationFn: () => accessActions.taskSendAgain(task.id),
    onSuccess: async () => {
      await router.navigate({ to: pb.request(task.access_request_id) })
      await refreshRequests()
      toast('Sent to the webhook again. This page shows what it answers.')
    },
    onError: (error) => toastError(sentenceOf(error)),
  })

  function send() {
    if (!mayHappenTwice(task)) return sending.mutate()
    confirmAction({
      title: 'Send it again?',
      body: 'The receiver may have done it although its answer did not come. Sending it again can then do it twice.',
      confirmLabel: 'Send again all the same',
      action: async () => {
        await sending.mutateAsync().catch(() => {})
      },
    })
  }

  return (
    <Button
      variant="default"
      size="md"
      leftSection={<IconRotateClockwise size={18} />}
      loading={sending.isPending}
      onClick={send}
    >
      {task.delivery ? 'Send again' : 'Send to the webhook'}
    </Button>
  )
}

/** Says that work by hand is done or cannot be done, or gives it back to the webhook. */
export function TaskActions({ task }: { task: TaskRead }) {
  const [open, setOpen] = useState<'done' | 'not_done' | null>(null)
  const { allowed, kind } = task
  const close = () => setOpen(null)
  const gives = kind === 'confirm_provisioning'
  if (!allowed.includes('done')) return null

  async function complete(outcome: 'done' | 'not_done', comment: string) {
    await accessActions.taskComplete(task.id, outcome, comment === '' ? null : comment)
    close()
    toast(outcome === 'done' ? 'Marked as done.' : 'Marked as not possible.')
    await refreshRequests()
  }

  return (
    <>
      <ActionBar label="What you can do">
        {allowed.includes('send_again') && <SendAgain task={task} />}
        <Button variant="default" size="md" c="var(--bad)" onClick={() => setOpen('not_done')}>
          Could not be done
        </Button>
        <Button size="md" leftSection={<IconCheck size={18} />} onClick={() => setOpen('done')}>
          Done
        </Button>
      </ActionBar>
      <Sheet opened={open === 'done'} onClose={close} title="Is it done?" lead={taskSentence(task)}>
        <ReasonForm
          field="comment"
          label="Comment"
          description="Optional: what you did."
          required={false}
          confirmLabel={gives ? 'Yes, the access is there' : 'Yes, it is removed'}
          onCancel={close}
          act={(comment) => complete('done', comment)}
        />
      </Sheet>
      <Sheet
        opened={open === 'not_done'}
        onClose={close}
        title="It could not be done?"
        lead={
          gives
            ? 'Then the access is not given, and the request ends without it.'
            : 'Then the access counts as still there, and the administrators are asked to remove it.'
        }
      >
        <ReasonForm
          field="comment"
          label="What stood in the way"
          required
          confirmLabel="Could not be done"
          color="ember"
          onCancel={close}
          act={(comment) => complete('not_done', comment)}
        />
      </Sheet>
    </>
  )
}
