import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useId } from '../components/search-params.ts'
import { directoryActions, directoryApi } from '../directory-api.ts'
import { GroupForm } from '../forms/group-form.tsx'
import { pb } from '../path-builder.ts'
import { invalidate, useTaggedRead } from '../query.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toast.ts'

export function GroupNewPage() {
  const router = useRouter()
  return (
    <>
      <PageHeader
        title="Add group"
        lead="Its members are the next step."
        back={<TextLink to={pb.groups()}>← Groups</TextLink>}
      />
      <GroupForm
        group={null}
        save={async (members) => {
          const group = await directoryActions.groupCreate(members)
          await invalidate('/groups')
          await router.navigate({ to: pb.group(group.id) })
          toast(`${group.name} is added.`)
        }}
        startAgain={null}
        cancel={
          <ButtonLink variant="default" to={pb.groups()}>
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
  const latest = useTaggedRead(directoryApi.groupView(id))
  const [{ value: group, etag }] = useState(latest)
  return (
    <>
      <PageHeader title={`Edit ${group.name}`} back={<TextLink to={pb.group(id)}>← {group.name}</TextLink>} />
      <GroupForm
        group={group}
        save={async (members) => {
          await directoryActions.groupChange(id, members, etag)
          await invalidate('/groups')
          await router.navigate({ to: pb.group(id) })
          toast('Your changes are saved.')
        }}
        startAgain={startAgain}
        cancel={
          <ButtonLink variant="default" to={pb.group(id)}>
            Cancel
          </ButtonLink>
        }
      />
    </>
  )
}

export function GroupEditPage() {
  const id = useId()
  const [round, setRound] = useState(0)

  async function startAgain() {
    await invalidate('/groups')
    setRound(round + 1)
  }

  return <EditForm key={`${id} ${round}`} id={id} startAgain={() => void startAgain()} />
}
