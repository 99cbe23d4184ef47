import type { ReviewItemRead } from '@keyhook/contract/api/access-review.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import { Button, Checkbox } from '@mantine/core'
import { IconClipboardCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { sentenceOf } from '../api-error.ts'
import { ReviewItem } from '../components/review-item.tsx'
import { type Decision, lifecycleActions } from '../lifecycle-api.ts'
import { invalidate } from '../query.ts'
import { ActionBar } from '../ui/action-bar.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { toast, toastError } from '../ui/toast.ts'
import { ReasonForm } from './request-reason-form.tsx'
import styles from './review-items.module.css'

type Props = {
  reviewId: string
  page: Page<ReviewItemRead>
  filters: ReactNode
  pager: ReactNode
}

/** Goes through access under review, one by one or several at once. */
export function ReviewItems({ reviewId, page, filters, pager }: Props) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [removing, setRemoving] = useState<readonly string[] | null>(null)
  const decidable = page.data.filter(({ allowed }) => allowed.length > 0).map(({ id }) => id)
  // What was decided may have left the page.
  const selected = decidable.filter((id) => chosen.has(id))

  const deciding = useMutation({
    mutationFn: ({ ids, decision, reason }: Decision & { ids: readonly string[] }) =>
      lifecycleActions.reviewDecide(
        reviewId,
        ids.map((item_id) => ({ item_id, decision, reason })),
      ),
    onSuccess: async (_answer, { ids, decision }) => {
      setChosen(new Set())
      await Promise.all([invalidate('/access-reviews'), invalidate('/inbox')])
      if (ids.length > 1) toast(`${ids.length} are to be ${decision === 'keep' ? 'kept' : 'removed'}.`)
    },
  })
  const keep = (ids: readonly string[]) =>
    deciding.mutate(
      { ids, decision: 'keep', reason: null },
      { onError: (error) => toastError(sentenceOf(error)) },
    )

  function select(id: string, on: boolean) {
    setChosen((old) => new Set(on ? [...old, id] : [...old].filter((one) => one !== id)))
  }

  return (
    <Card flush>
      {filters}
      {decidable.length > 1 && (
        <div className={styles.all}>
          <Checkbox
            label={`Select all on this page (${decidable.length})`}
            checked={selected.length === decidable.length}
            indeterminate={selected.length > 0 && selected.length < decidable.length}
            onChange={(event) => setChosen(new Set(event.currentTarget.checked ? decidable : []))}
          />
        </div>
      )}
      {page.data.length === 0 ? (
        <EmptyState icon={<IconClipboardCheck size={28} />} title="Nothing is here">
          Choose other filters above to see more of the review.
        </EmptyState>
      ) : (
        <ul className={styles.items} aria-label="Access under review">
          {page.data.map((item) => (
            <ReviewItem
              key={item.id}
              item={item}
              selected={chosen.has(item.id)}
              onSelect={(on) => select(item.id, on)}
              onDecide={(decision) => (decision === 'keep' ? keep([item.id]) : setRemoving([item.id]))}
              busy={deciding.isPending}
            />
          ))}
        </ul>
      )}
      {pager}
      {selected.length > 0 && (
        <div className={styles.bar}>
          <ActionBar label="Decide about what is selected" hint={`${selected.length} selected`}>
            <Button color="leaf" loading={deciding.isPending} onClick={() => keep(selected)}>
              Keep {selected.length}
            </Button>
            <Button color="ember" disabled={deciding.isPending} onClick={() => setRemoving(selected)}>
              Remove {selected.length}
            </Button>
          </ActionBar>
        </div>
      )}
      <Sheet
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={removing && removing.length > 1 ? `Remove ${removing.length} of them?` : 'Remove this access?'}
        lead="It is removed when the review ends; until then you can still change your mind."
      >
        <ReasonForm
          field="reason"
          label="Reason"
          description="The person, and those who read the report, see it."
          required
          confirmLabel="Remove"
          color="ember"
          onCancel={() => setRemoving(null)}
          act={async (reason) => {
            await deciding.mutateAsync({ ids: removing ?? [], decision: 'remove', reason })
            setRemoving(null)
          }}
        />
      </Sheet>
    </Card>
  )
}
