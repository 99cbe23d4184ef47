import type { AccessReviewRead } from '@keyhook/contract/api/access-review.ts'
import { Button } from '@mantine/core'
import { IconPencil, IconReportAnalytics, IconSignature, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { lifecycleActions } from '../lifecycle-api.ts'
import { pb } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { ButtonLink } from '../ui/links.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { toast } from '../ui/toast.ts'
import { ReasonForm } from './request-reason-form.tsx'
import { ReviewChangeForm } from './review-change-form.tsx'
import { ReviewSignOffForm } from './review-sign-off-form.tsx'

type Opened = 'change' | 'sign_off' | 'cancel' | null

/** What can be done to a review as a whole. */
export function ReviewActions({ review }: { review: AccessReviewRead }) {
  const [opened, setOpened] = useState<Opened>(null)
  const close = () => setOpened(null)
  const { id, name, allowed } = review

  return (
    <>
      <ButtonLink variant="default" to={pb.reviewReport(id)} leftSection={<IconReportAnalytics size={16} />}>
        Report
      </ButtonLink>
      {allowed.includes('change') && (
        <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setOpened('change')}>
          Edit
        </Button>
      )}
      {allowed.includes('cancel') && (
        <Button
          variant="default"
          c="var(--bad)"
          leftSection={<IconX size={16} />}
          onClick={() => setOpened('cancel')}
        >
          Cancel review
        </Button>
      )}
      {allowed.includes('sign_off') && (
        <Button leftSection={<IconSignature size={16} />} onClick={() => setOpened('sign_off')}>
          Sign off
        </Button>
      )}
      <Sheet opened={opened === 'change'} onClose={close} title={`Edit ${name}`} size="lg">
        <ReviewChangeForm id={id} done={close} />
      </Sheet>
      <Sheet
        opened={opened === 'sign_off'}
        onClose={close}
        title="Sign this review off?"
        lead="That ends and freezes it: what was decided to be removed is removed, and nothing can be decided any more."
      >
        <ReviewSignOffForm review={review} done={close} />
      </Sheet>
      <Sheet
        opened={opened === 'cancel'}
        onClose={close}
        title="Cancel this review?"
        lead="Nothing that was decided is carried out: all access stays. This cannot be undone."
      >
        <ReasonForm
          field="reason"
          label="Reason"
          required={false}
          confirmLabel="Cancel review"
          cancelLabel="Go on with it"
          color="ember"
          onCancel={close}
          act={async (reason) => {
            await lifecycleActions.reviewCancel(id, reason === '' ? null : reason)
            close()
            await Promise.all([invalidate('/access-reviews'), invalidate('/inbox')])
            toast(`${name} is cancelled.`)
          }}
        />
      </Sheet>
    </>
  )
}
