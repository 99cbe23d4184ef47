import type { AccessReviewSummary } from '@keyhook/contract/api/access-review.ts'
import { IconChevronRight, IconClipboardCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { pb } from '../path-builder.ts'
import { When } from '../ui/when.tsx'
import classes from './task-card.module.css'

/** A review in which the reader has something to decide. */
export function ReviewCard({ review }: { review: AccessReviewSummary }) {
  const { id, name, mine, deadline } = review
  return (
    <li className={classes.card}>
      <span className={classes.icon} aria-hidden="true">
        <IconClipboardCheck size={24} stroke={1.7} />
      </span>
      <div className={classes.words}>
        <Link to={pb.review(id)} className={classes.name ?? ''}>
          Review: {name}
        </Link>
        <div className={classes.what}>
          {mine.undecided} of {mine.total} still to decide: may each of them keep their access?
        </div>
        <div className={classes.quiet}>
          Due <When value={deadline} />
        </div>
      </div>
      <IconChevronRight size={20} aria-hidden="true" className={classes.arrow} />
    </li>
  )
}
