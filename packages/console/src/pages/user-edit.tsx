import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useId } from '../components/search-params.ts'
import { directoryActions, directoryApi } from '../directory-api.ts'
import { UserForm } from '../forms/user-form.tsx'
import { userMembers, userValuesOf } from '../forms/user-values.ts'
import { pb } from '../path-builder.ts'
import { invalidate, useTaggedRead } from '../query.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toast.ts'

export function UserNewPage() {
  const router = useRouter()
  const [start] = useState(() => userValuesOf(null))
  return (
    <>
      <PageHeader
        title="Add user"
        lead="The user can sign in once invited, which is the next step."
        back={<TextLink to={pb.users()}>← Users</TextLink>}
      />
      <UserForm
        start={start}
        isNew
        fromScim={false}
        save={async (values) => {
          const user = await directoryActions.userCreate(userMembers(values))
          await invalidate('/users')
          await router.navigate({ to: pb.user(user.id) })
          toast(`${user.name} is added.`)
        }}
        startAgain={null}
        cancel={
          <ButtonLink variant="default" to={pb.users()}>
            Cancel
          </ButtonLink>
        }
      />
    </>
  )
}

function EditForm({ id, startAgain }: { id: string; startAgain: () => void }) {
  const router = useRouter()
  // The version that the form started from. A later one would hide that somebody else changed it meanwhile.
  const latest = useTaggedRead(directoryApi.userView(id))
  const [{ value: user, etag }] = useState(latest)
  const [start] = useState(() => userValuesOf(user))
  return (
    <>
      <PageHeader title={`Edit ${user.name}`} back={<TextLink to={pb.user(id)}>← {user.name}</TextLink>} />
      <UserForm
        start={start}
        isNew={false}
        fromScim={user.source === 'scim'}
        save={async (values) => {
          await directoryActions.userChange(id, userMembers(values), etag)
          await invalidate('/users')
          await router.navigate({ to: pb.user(id) })
          toast('Your changes are saved.')
        }}
        startAgain={startAgain}
        cancel={
          <ButtonLink variant="default" to={pb.user(id)}>
            Cancel
          </ButtonLink>
        }
      />
    </>
  )
}

export function UserEditPage() {
  const id = useId()
  const [round, setRound] = useState(0)

  async function startAgain() {
    await invalidate('/users')
    setRound(round + 1)
  }

  return <EditForm key={`${id} ${round}`} id={id} startAgain={() => void startAgain()} />
}
