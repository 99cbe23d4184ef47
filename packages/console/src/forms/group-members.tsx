import type { GroupRead } from '@keyhook/contract/api/group.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { UserRead } from '@keyhook/contract/api/user.ts'
import { ActionIcon } from '@mantine/core'
import { IconUserMinus, IconUsers } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { sentenceOf } from '../api-error.ts'
import { Pager } from '../components/pager.tsx'
import { UserTable } from '../components/user-table.tsx'
import { directoryActions } from '../directory-api.ts'
import { invalidate } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { toast, toastError } from '../ui/toast.ts'
import classes from './group-members.module.css'
import { PrincipalPicker } from './principal-picker.tsx'

type Props = { group: GroupRead; members: Page<UserRead>; cursor: string | undefined }
type Change = { userId: string; name: string | null }

/** Who is in a group: a field to add somebody, and the list to remove them from. */
export function GroupMembers({ group, members, cursor }: Props) {
  const readAgain = () => Promise.all([invalidate('/groups'), invalidate('/users')])
  const adding = useMutation({
    mutationFn: ({ userId }: Change) => directoryActions.memberAdd(group.id, userId),
    onSuccess: readAgain,
    onError: (error) => toastError(sentenceOf(error)),
  })
  const removing = useMutation({
    mutationFn: ({ userId }: Change) => directoryActions.memberRemove(group.id, userId),
    onSuccess: async (_answer, { name }) => {
      await readAgain()
      toast(`${name} is no longer in ${group.name}.`)
    },
    onError: (error) => toastError(sentenceOf(error)),
  })

  return (
    <div className={classes.stack}>
      {group.source === 'scim' && (
        <Notice tone="info" title="This group is pushed by SCIM.">
          Its members are those that the identity provider names; what is changed here may be changed back by
          it.
        </Notice>
      )}
      <Card title={`Members (${group.member_count.toLocaleString('en')})`} flush>
        <div className={classes.adder}>
          <PrincipalPicker
            label="Add a member"
            kind="user"
            value={[]}
            onChange={([userId]) => {
              if (userId) adding.mutate({ userId, name: null })
            }}
          />
        </div>
        {members.data.length === 0 ? (
          <EmptyState icon={<IconUsers size={28} />} title="Nobody is in this group">
            Add the first member above.
          </EmptyState>
        ) : (
          <UserTable
            label="Members"
            users={members.data}
            actions={({ id, name }) => (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={34}
                aria-label={`Remove ${name}`}
                disabled={removing.isPending}
                onClick={() => removing.mutate({ userId: id, name })}
              >
                <IconUserMinus size={17} />
              </ActionIcon>
            )}
          />
        )}
        <Pager cursor={cursor} next={members.next_cursor} newestLabel="First page" olderLabel="Next page" />
      </Card>
    </div>
  )
}
