import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { useEffect, useRef } from 'react'
import { ApiError } from '../api-error.ts'
import { pb } from '../path-builder.ts'
import { ButtonLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { Quote } from '../ui/quote.tsx'
import classes from './request-form.module.css'

/** A check refused the request: its own words, and that nothing is lost. It takes the focus, so that it is read. */
export function RequestRefusal({ request }: { request: AccessRequestRead }) {
  const ref = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal anew.
  useEffect(() => {
    ref.current?.focus({ preventScroll: true })
    ref.current?.scrollIntoView({ block: 'center' })
  }, [request.id])
  const { rejection } = request
  if (!rejection) return null
  return (
    <div ref={ref} tabIndex={-1} className={classes.refusal}>
      <Notice tone="bad" title="A check refused this request">
        <div className={classes.refusalWords}>
          <Quote label="What the check said" text={rejection.message} />
          <p>Everything you entered is still here. Correct what it says, and send it again.</p>
        </div>
      </Notice>
    </div>
  )
}

/** Somebody asked for the same thing before: where that request is. */
export function AlreadyRequested({ error }: { error: unknown }) {
  if (!(error instanceof ApiError) || error.problem.code !== 'already_requested') return null
  const { detail } = error.problem
  const [first] = /\breq_[0-9a-f]{32}\b/.exec(detail) ?? []
  return (
    <Notice
      tone="warn"
      title="This is requested or held already"
      action={
        first && (
          <ButtonLink size="sm" variant="default" to={pb.request(first)}>
            Open the first request
          </ButtonLink>
        )
      }
    >
      {detail.replace(/:? see request req_[0-9a-f]*/, '')}
    </Notice>
  )
}
