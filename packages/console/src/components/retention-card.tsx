import { Button, Modal, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { sentenceOf } from '../api-error.ts'
import { logActions, logApi } from '../log-api.ts'
import { invalidate, useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { Facts } from '../ui/facts.tsx'
import { Notice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'
import { toast } from '../ui/toast.ts'
import { confirmAction } from './confirm.tsx'
import classes from './log-export.module.css'
import { sizeWords, waitWords } from './retention-words.ts'

/** How long entries stay in the log, and the legal hold. */
export function RetentionCard() {
  const retention = useRead(logApi.retentionView())
  const { days, archived, first, entries, bytes, hold, next } = retention
  const [opened, dialog] = useDisclosure()
  const waits = waitWords(retention)
  const lift = () =>
    confirmAction({
      title: 'Lift the legal hold?',
      body:
        days === null
          ? 'Nothing leaves the log without a retention; the hold is no longer there if one is set.'
          : 'Months that are old enough leave the log at once, and cannot be brought back into it.',
      confirmLabel: 'Lift hold',
      action: async () => {
        await logActions.holdLift()
        await invalidate('/log')
        toast('The legal hold is lifted.')
      },
    })

  return (
    <Card
      title="Retention"
      aside={
        hold ? (
          <Button variant="default" size="xs" onClick={lift}>
            Lift legal hold
          </Button>
        ) : (
          <Button variant="default" size="xs" onClick={dialog.open}>
            Place legal hold
          </Button>
        )
      }
    >
      <div className={classes.form}>
        {hold && (
          <Notice tone="warn" title="Legal hold">
            {hold.reason} (by {hold.placed_by}, <Time value={hold.placed_at} />)
          </Notice>
        )}
        {waits && next?.waits_for === 'problem' && <Notice tone="bad">{waits}</Notice>}
        <Facts
          items={[
            ['Kept for', days === null ? 'Ever' : `${days.toLocaleString('en')} days at least`],
            [
              'First entry',
              first ? (
                <>
                  {first.position.toLocaleString('en')}, <Time value={first.logged_at} />
                </>
              ) : (
                'None yet'
              ),
            ],
            ['Size', `${entries.toLocaleString('en')} entries, ${sizeWords(bytes)}`],
            ...(next
              ? ([
                  [
                    'Leaves next',
                    <>
                      {next.month}, <Time value={next.at} />
                      {waits && next.waits_for !== 'problem' && `. ${waits}`}
                    </>,
                  ],
                  ['Before that', archived ? 'It is verified and written to the archive' : 'It is verified'],
                ] as const)
              : []),
          ]}
        />
      </div>
      <Modal opened={opened} onClose={dialog.close} title="Place a legal hold">
        <HoldForm close={dialog.close} />
      </Modal>
    </Card>
  )
}

function HoldForm({ close }: { close: () => void }) {
  const [reason, setReason] = useState('')
  const [error, setError] = useState<string | null>(null)

  async function place() {
    if (reason.trim() === '') return setError('Enter why, for example the number of a case.')
    try {
      await logActions.holdPlace(reason.trim())
      await invalidate('/log')
      close()
      toast('Nothing leaves the log until the hold is lifted.')
    } catch (failure) {
      setError(sentenceOf(failure))
    }
  }

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void place()
      }}
    >
      <p className={classes.words}>Nothing leaves the log until it is lifted, however old it is.</p>
      <Textarea
        label="Reason"
        value={reason}
        error={error}
        maxLength={500}
        autosize
        data-autofocus
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={classes.actions}>
        <Button type="submit">Place hold</Button>
      </div>
    </form>
  )
}
