import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import { api } from '../api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Account } from './account.tsx'
import { InboxBadge } from './inbox-badge.tsx'
import classes from './shell-nav.module.css'
import { type ShellGroup, type ShellPage, shellDocuments, shellGroups } from './shell-pages.ts'

function PageLink({ page }: { page: ShellPage }) {
  const { to, label, Icon } = page
  return (
    <Link
      to={to}
      className={classes.item ?? ''}
      activeProps={{ 'data-active': true }}
      search={{}}
      activeOptions={{ includeSearch: false }}
    >
      <Icon size={18} stroke={1.7} aria-hidden="true" />
      <span className={classes.label}>{label}</span>
      {to === pb.inbox() && <InboxBadge />}
    </Link>
  )
}

/** One group alone needs no heading. */
function Group({ group, alone }: { group: ShellGroup; alone: boolean }) {
  const id = useId()
  return (
    <div className={classes.group}>
      {!alone && (
        <div id={id} className={classes.heading}>
          {group.label}
        </div>
      )}
      <ul className={classes.list} {...(alone ? {} : { 'aria-labelledby': id })}>
        {group.pages.map((page) => (
          <li key={page.to}>
            <PageLink page={page} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The pages that are for this person, the documentation for those who need it, and the account. */
export function ShellNav() {
  const me = useRead(api.me())
  const groups = shellGroups(me)
  const documents = shellDocuments(me)
  return (
    <div className={classes.column}>
      <div className={classes.links}>
        <nav aria-label="Pages" className={classes.pages}>
          {groups.map((group) => (
            <Group key={group.label} group={group} alone={groups.length === 1} />
          ))}
        </nav>
        {documents.length > 0 && (
          <nav aria-label="Documentation" className={classes.documents}>
            <ul className={classes.list}>
              {documents.map(({ href, label, Icon }) => (
                <li key={href}>
                  <a href={href} className={classes.item}>
                    <Icon size={18} stroke={1.7} aria-hidden="true" />
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
      </div>
      <Account />
    </div>
  )
}
