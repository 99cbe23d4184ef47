import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { useEffect, useRef } from 'react'
import { accessApi } from '../access-api.ts'
import { ApiError } from '../api-error.ts'
import { pb } from '../path-builder.ts'
import { useSideRead } from '../query.ts'
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

/** Somebody asked for the same thing before: where that request is, for those who may see it. */
export function AlreadyRequested({ error }: { error: unknown }) {
  const problem =
    error instanceof ApiError && error.problem.code === 'already_requested' ? error.problem : null
  const first = problem?.access_request_id
  const known = useSideRead(accessApi.requestView(first ?? ''), { enabled: first !== undefined })
  if (problem === null) return null
  return (
    <Notice
      tone="warn"
      title="This is requested or held already"
      action={
        known && (
          <ButtonLink size="sm" variant="default" to={pb.request(known.id)}>
            Open the first request
          </ButtonLink>
        )
      }
    >
      {problem.detail.replace(/:? see request req_[0-9a-f]*/, '')}
    </Notice>
  )
}
