import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sentenceOf } from '../api-error.ts'
import { amountWords } from '../components/review-words.ts'
import { lifecycleActions } from '../lifecycle-api.ts'
import { Card } from '../ui/card.tsx'
import styles from './review-form.module.css'
import { previewBody, type ReviewValues } from './review-values.ts'

/** How much a review would be about, counted while it is filled in. */
export function ReviewPreview({ values }: { values: ReviewValues }) {
  const [opened] = useState(() => new Date())
  const [body] = useDebouncedValue(JSON.stringify(previewBody(values, opened)), 250)
  const { data, error, isFetching } = useQuery({
    queryKey: ['/access-reviews/preview', body],
    queryFn: () => lifecycleActions.reviewPreview(JSON.parse(body) as object),
    placeholderData: keepPreviousData,
  })
  return (
    <Card title="How much this is">
      <div aria-live="polite" aria-busy={isFetching}>
        {error ? (
          <p className={styles.quiet}>{sentenceOf(error)}</p>
        ) : data ? (
          <>
            <p className={styles.amount}>{amountWords(data)}</p>
            {data.without_reviewer > 0 && (
              <p className={styles.quiet}>
                {data.without_reviewer.toLocaleString('en')} of them{' '}
                {data.without_reviewer === 1 ? 'has' : 'have'} no such reviewer and{' '}
                {data.without_reviewer === 1 ? 'goes' : 'go'} to the app admins or administrators.
              </p>
            )}
          </>
        ) : (
          <p className={styles.quiet}>Counting…</p>
        )}
      </div>
    </Card>
  )
}
