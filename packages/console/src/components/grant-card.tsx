import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { pb } from '../path-builder.ts'
import { AppIcon } from '../ui/app-icon.tsx'
import { dateWords } from '../ui/time-words.ts'
import classes from './grant-card.module.css'
import { endWords, isEndingSoon } from './grant-words.ts'

/** Access of the reader: what, until when, and what can be done about it. */
export function GrantCard({ grant, action }: { grant: GrantRead; action?: ReactNode }) {
  const { app, permission, access_request_id, inactivity_removal_at } = grant
  const now = Date.now()
  return (
    <li className={classes.card}>
      <AppIcon name={app.name} icon={app.icon} />
      <div className={classes.words}>
        <Link to={pb.request(access_request_id)} className={classes.name ?? ''}>
          {app.name}
        </Link>
        <div className={classes.permission}>{permission.label}</div>
        <div className={classes.end} data-soon={isEndingSoon(grant, now) || undefined}>
          {endWords(grant, now)}
        </div>
        {grant.status === 'active' && inactivity_removal_at && (
          <div className={classes.end} data-soon>
            You have not used it for a while. It is removed on {dateWords(inactivity_removal_at)} unless you
            use it before.
          </div>
        )}
      </div>
      {action && <div className={classes.action}>{action}</div>}
    </li>
  )
}
