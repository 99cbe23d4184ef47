import type { GroupRead } from '@keyhook/contract/api/group.ts'
import { directorySourceLabels } from '@keyhook/contract/directory-words.ts'
import { Button } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { confirmAction } from '../components/confirm.tsx'
import { useId, useSearchAs } from '../components/search-params.ts'
import { directoryActions, directoryApi } from '../directory-api.ts'
import { GroupMembers } from '../forms/group-members.tsx'
import { pb } from '../path-builder.ts'
import { invalidate, useRead } from '../query.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pill } from '../ui/pill.tsx'
import { toast } from '../ui/toast.ts'
import { groupSearch, memberListOf } from './user-search.ts'

function Actions({ group: { id, name } }: { group: GroupRead }) {
  const router = useRouter()
  function remove() {
    confirmAction({
      title: `Delete ${name}?`,
      body: 'Its members stay users, and keep the access that they have. A group that approves, that is app admin, or that a rule is about cannot be deleted before that is changed.',
      confirmLabel: 'Delete group',
      action: async () => {
        await directoryActions.groupDelete(id)
        await router.navigate({ to: pb.groups() })
        await invalidate('/groups?').then(() => invalidate('/groups'))
        toast(`${name} is deleted.`)
      },
    })
  }
  return (
    <>
      <ButtonLink variant="default" to={pb.groupEdit(id)} leftSection={<IconPencil size={16} />}>
        Edit
      </ButtonLink>
      <Button variant="default" c="var(--bad)" onClick={remove} leftSection={<IconTrash size={16} />}>
        Delete
      </Button>
    </>
  )
}

export function GroupPage() {
  const id = useId()
  const search = useSearchAs(groupSearch)
  const group = useRead(directoryApi.groupView(id))
  const members = useRead(memberListOf(id, search))
  return (
    <>
      <PageHeader
        title={group.name}
        badge={
          group.source === 'manual' ? undefined : (
            <Pill tone="quiet">{directorySourceLabels[group.source]}</Pill>
          )
        }
        lead={group.description ?? undefined}
        back={<TextLink to={pb.groups()}>← Groups</TextLink>}
        actions={<Actions group={group} />}
      />
      <GroupMembers group={group} members={members} cursor={search.cursor} />
    </>
  )
}
