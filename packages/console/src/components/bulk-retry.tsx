import { Button, Checkbox, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconRotateClockwise } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { actions } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { invalidate } from '../query.ts'
import { Notice } from '../ui/notice.tsx'
import { toast } from '../ui/toast.ts'
import classes from './webhook-signing.module.css'

type Filter = Partial<Parameters<typeof actions.deliveriesRetry>[0]>

/** What the list is filtered by. */
type Search = {
  [Name in 'webhook_id' | 'type' | 'failure_reason' | 'from' | 'to']?: Filter[Name] | undefined
}

/** The part of the list's filter that says which failed deliveries are meant. */
function filterOf({ webhook_id, type, failure_reason, from, to }: Search): Filter {
  return {
    ...(webhook_id ? { webhook_id } : {}),
    ...(type ? { type } : {}),
    ...(failure_reason ? { failure_reason } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  }
}

/** Sends all failed deliveries again that the filter of the list finds. */
export function BulkRetry({ search }: { search: Search }) {
  const [opened, dialog] = useDisclosure(false)
  return (
    <>
      <Button variant="default" leftSection={<IconRotateClockwise size={16} />} onClick={dialog.open}>
        Send failed ones again…
      </Button>
      <Modal opened={opened} onClose={dialog.close} title="Send failed deliveries again" size="lg">
        {opened && <Dialog filter={filterOf(search)} close={dialog.close} />}
      </Modal>
    </>
  )
}

function Dialog({ filter, close }: { filter: Filter; close: () => void }) {
  const [alsoRepeating, setAlsoRepeating] = useState(false)
  const preview = useQuery({
    queryKey: ['bulk-retry', filter],
    queryFn: () => actions.deliveriesRetry({ ...filter, preview: true }),
    gcTime: 0,
  })
  const sending = useMutation({
    mutationFn: () => actions.deliveriesRetry({ ...filter, accept_repeat: alsoRepeating }),
    onSuccess: async ({ queued }) => {
      close()
      await invalidate('/deliveries')
      toast(`${queued} ${queued === 1 ? 'delivery is' : 'deliveries are'} sent again, the oldest first.`)
    },
  })
  if (preview.isPending) return <p className={classes.lead}>Counting…</p>
  if (preview.isError) return <Notice tone="bad">{sentenceOf(preview.error)}</Notice>
  const { matching, may_repeat } = preview.data
  const count = alsoRepeating ? matching : matching - may_repeat
  if (matching === 0) {
    return (
      <p className={classes.lead}>
        The filter of the list finds no failed delivery of a saved webhook. Tests are left out.
      </p>
    )
  }
  return (
    <div className={classes.stack}>
      <p className={classes.lead}>
        The filter of the list finds {matching} failed {matching === 1 ? 'delivery' : 'deliveries'}, tests
        left out. Each is sent with the same payload and the same <code>webhook-id</code>.
      </p>
      {may_repeat > 0 && (
        <Checkbox
          checked={alsoRepeating}
          onChange={(event) => setAlsoRepeating(event.currentTarget.checked)}
          label={`Also the ${may_repeat} that the receiver may have acted on already`}
          description="It may do something a second time, unless it remembers webhook-id."
        />
      )}
      {sending.isError && <Notice tone="bad">{sentenceOf(sending.error)}</Notice>}
      <div className={classes.buttons}>
        <Button loading={sending.isPending} disabled={count === 0} onClick={() => sending.mutate()}>
          Send {count} again
        </Button>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
      </div>
    </div>
  )
}
