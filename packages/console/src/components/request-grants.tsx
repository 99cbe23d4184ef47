import { grantStatusLabels } from '@keyhook/contract/access-words.ts'
import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import type { ReactNode } from 'react'
import { Pill } from '../ui/pill.tsx'
import { endWords, grantTone } from './grant-words.ts'
import classes from './request-parts.module.css'

type Props = { grants: readonly GrantRead[]; actionFor: (grant: GrantRead) => ReactNode }

/** The access that a request gave. */
export function RequestGrants({ grants, actionFor }: Props) {
  return (
    <ul className={classes.list} aria-label="Access">
      {grants.map((grant) => (
        <li key={grant.id} className={classes.item}>
          <div className={classes.words}>
            <b>{grant.permission.label}</b>
            <div className={classes.quiet}>{endWords(grant, Date.now())}</div>
            {actionFor(grant)}
          </div>
          <Pill tone={grantTone(grant)}>{grantStatusLabels[grant.status]}</Pill>
        </li>
      ))}
    </ul>
  )
}
