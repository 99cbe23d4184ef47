import type { UserDetail } from '@keyhook/contract/api/user.ts'
import { Button } from '@mantine/core'
import { IconPencil, IconUserCheck, IconUserOff } from '@tabler/icons-react'
import { api } from '../api.ts'
import { useId } from '../components/search-params.ts'
import { useUserActions } from '../components/use-user-actions.tsx'
import { UserAccess } from '../components/user-access.tsx'
import { UserFacts } from '../components/user-facts.tsx'
import { UserInvite } from '../components/user-invite.tsx'
import { UserOffboarding } from '../components/user-offboarding.tsx'
import { UserStatusPill } from '../components/user-table.tsx'
import { directoryApi } from '../directory-api.ts'
import { UserGroups } from '../forms/user-groups.tsx'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pill } from '../ui/pill.tsx'
import classes from './user.module.css'

function Actions({ user }: { user: UserDetail }) {
  const me = useRead(api.me())
  const { deactivate, activate } = useUserActions(user)
  const active = user.status === 'active'
  return (
    <>
      {active && <UserInvite key={user.id} user={user} />}
      <ButtonLink variant="default" to={pb.userEdit(user.id)} leftSection={<IconPencil size={16} />}>
        Edit
      </ButtonLink>
      {!active && (
        <Button variant="default" onClick={activate} leftSection={<IconUserCheck size={16} />}>
          Activate
        </Button>
      )}
      {active && user.id !== me.id && (
        <Button variant="default" c="var(--bad)" onClick={deactivate} leftSection={<IconUserOff size={16} />}>
          Deactivate
        </Button>
      )}
    </>
  )
}

export function UserPage() {
  const id = useId()
  const user = useRead(directoryApi.userView(id))
  return (
    <>
      <PageHeader
        title={user.name}
        badge={
          <>
            <UserStatusPill status={user.status} />
            {user.role === 'admin' && <Pill tone="warn">Administrator</Pill>}
          </>
        }
        lead={[user.title, user.department].filter(Boolean).join(', ') || undefined}
        back={<TextLink to={pb.users()}>← Users</TextLink>}
        actions={<Actions user={user} />}
      />
      <div className={classes.columns}>
        <div className={classes.stack}>
          {user.status === 'inactive' && <UserOffboarding userId={id} />}
          <UserAccess userId={id} />
        </div>
        <div className={classes.stack}>
          <UserFacts user={user} />
          <UserGroups user={user} />
        </div>
      </div>
    </>
  )
}
