import { Progress } from '@mantine/core'
import classes from './review-progress.module.css'
import { percentOf } from './review-words.ts'

type Props = { label: string; done: number; total: number; compact?: boolean }

/** How much of something is done, as a bar and in numbers. */
export function ReviewProgress({ label, done, total, compact = false }: Props) {
  const percent = percentOf(done, total)
  return (
    <div className={classes.progress} data-compact={compact || undefined}>
      <Progress
        value={percent}
        size={compact ? 6 : 8}
        radius="xl"
        color={percent === 100 ? 'leaf' : 'verdigris'}
        aria-label={label}
        className={classes.bar ?? ''}
      />
      <span className={classes.count}>
        {done.toLocaleString('en')} of {total.toLocaleString('en')}
      </span>
    </div>
  )
}
