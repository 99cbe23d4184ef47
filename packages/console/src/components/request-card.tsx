import type { AccessRequestSummary } from '@keyhook/contract/api/access-request.ts'
import { Link } from '@tanstack/react-router'
import { pb } from '../path-builder.ts'
import { AppIcon } from '../ui/app-icon.tsx'
import { When } from '../ui/when.tsx'
import classes from './request-card.module.css'
import { RequestPill } from './request-pill.tsx'
import { insideSentence, isBusy, listWords } from './request-words.ts'

type Props = { request: AccessRequestSummary; myId: string }

/** Who asked for whom, when that is not simply the reader for themself. */
function people({ requester, target_user }: AccessRequestSummary, myId: string): string | null {
  if (requester.id === myId) return target_user.id === myId ? null : `For ${target_user.name}`
  return `Asked for by ${requester.name}`
}

/** A request of the reader in a list: what, where it stands, who has to act. The whole card leads to its page. */
export function RequestCard({ request, myId }: Props) {
  const { id, app, permissions, extension, waiting_for, created_at, status } = request
  const who = people(request, myId)
  return (
    <li className={classes.card}>
      <AppIcon name={app.name} icon={app.icon} />
      <div className={classes.words}>
        <Link to={pb.request(id)} className={classes.name ?? ''}>
          {app.name}
        </Link>
        <div className={classes.what}>
          {extension && 'Longer: '}
          {listWords(permissions.map(({ label }) => label))}
        </div>
        <div className={classes.quiet}>
          {who && <>{who} · </>}
          <When value={created_at} />
        </div>
      </div>
      <div className={classes.state}>
        <RequestPill request={request} />
        {waiting_for && !isBusy(status) && (
          <div className={classes.quiet}>Waits for {insideSentence(waiting_for)}</div>
        )}
      </div>
    </li>
  )
}
