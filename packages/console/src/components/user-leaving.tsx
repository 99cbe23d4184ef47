import type { UserDetail } from '@keyhook/contract/api/user.ts'
import classes from './user-leaving.module.css'

type Props = { user: UserDetail; grants: number; more: boolean }

/** What happens when a user is deactivated, before it does. */
export function UserLeaving({ user, grants, more }: Props) {
  const access = more ? `more than ${grants}` : grants
  return (
    <ul className={classes.list}>
      <li>Signed out at once, on every device.</li>
      <li>
        {grants === 0 && !more
          ? 'There is no access to remove.'
          : `All access is removed: ${access} ${access === 1 ? 'grant' : 'grants'}, by webhook, or by hand where there is none.`}
      </li>
      <li>Requests that are under way are cancelled.</li>
      {user.direct_reports > 0 && (
        <li>
          {user.direct_reports === 1 ? 'One person has' : `${user.direct_reports} people have`} {user.name} as
          manager: their requests go to the app admins until that is changed.
        </li>
      )}
      {user.source === 'scim' && (
        <li>The user is provisioned by SCIM: deactivate them at the identity provider as well.</li>
      )}
    </ul>
  )
}
