import type { UserDetail } from '@keyhook/contract/api/user.ts'
import { directorySourceLabels, userRoleLabels } from '@keyhook/contract/directory-words.ts'
import { pb } from '../path-builder.ts'
import { Card } from '../ui/card.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextLink } from '../ui/links.tsx'
import { Time } from '../ui/time.tsx'
import { Day } from '../ui/when.tsx'

/** Whether and how a user can sign in. */
function SignIn({ user: { has_account, invited_until, status } }: { user: UserDetail }) {
  if (status === 'inactive') return 'Not while deactivated'
  if (has_account) return 'Has chosen a password'
  if (!invited_until) return 'Not invited yet'
  return (
    <>
      Invited, the link is valid until <Time value={invited_until} />
    </>
  )
}

/** What is known about a user. */
export function UserFacts({ user }: { user: UserDetail }) {
  return (
    <Card title="Profile">
      <Facts
        items={[
          ['E-mail', user.email],
          ...(user.user_name === user.email ? [] : ([['User name', user.user_name]] as const)),
          ['Title', user.title ?? 'None'],
          ['Department', user.department ?? 'None'],
          [
            'Manager',
            user.manager ? (
              <TextLink key="manager" to={pb.user(user.manager.id)}>
                {user.manager.name}
              </TextLink>
            ) : (
              'None'
            ),
          ],
          ['Manager of', user.direct_reports === 1 ? '1 person' : `${user.direct_reports} people`],
          ['Role', userRoleLabels[user.role]],
          ['Sign-in', <SignIn key="sign-in" user={user} />],
          ['From', directorySourceLabels[user.source]],
          ...(user.external_id
            ? ([['Id at the identity provider', <code key="external">{user.external_id}</code>]] as const)
            : []),
          ['Added', <Day key="added" value={user.created_at} />],
          ...(user.deactivated_at
            ? ([['Deactivated', <Time key="out" value={user.deactivated_at} />]] as const)
            : []),
          ['Id', <code key="id">{user.id}</code>],
        ]}
      />
    </Card>
  )
}
