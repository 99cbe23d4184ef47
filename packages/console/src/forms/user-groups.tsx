import type { UserDetail } from '@keyhook/contract/api/user.ts'
import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { sentenceOf } from '../api-error.ts'
import { directoryActions } from '../directory-api.ts'
import { pb } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { TextLink } from '../ui/links.tsx'
import { toast, toastError } from '../ui/toast.ts'
import { PrincipalPicker } from './principal-picker.tsx'
import classes from './user-groups.module.css'

type Change = { groupId: string; name: string; how: 'add' | 'remove' }

/** The groups that a user is in, and a field to add one. */
export function UserGroups({ user }: { user: UserDetail }) {
  const change = useMutation({
    mutationFn: ({ groupId, how }: Change) =>
      how === 'add'
        ? directoryActions.memberAdd(groupId, user.id)
        : directoryActions.memberRemove(groupId, user.id),
    onSuccess: async (_answer, { name, how }) => {
      await Promise.all([invalidate('/users'), invalidate('/groups')])
      toast(how === 'add' ? `${user.name} is in the group.` : `${user.name} is no longer in ${name}.`)
    },
    onError: (error) => toastError(sentenceOf(error)),
  })

  return (
    <Card title="Groups">
      {user.groups.length === 0 ? (
        <p className={classes.none}>In no group.</p>
      ) : (
        <ul className={classes.groups} aria-label="Groups">
          {user.groups.map(({ id, name }) => (
            <li key={id}>
              <TextLink to={pb.group(id)}>{name}</TextLink>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={28}
                aria-label={`Remove from ${name}`}
                disabled={change.isPending}
                onClick={() => change.mutate({ groupId: id, name, how: 'remove' })}
              >
                <IconX size={15} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <PrincipalPicker
        label="Add to a group"
        kind="group"
        placeholder="Type the name of a group"
        value={[]}
        onChange={([groupId]) => {
          if (groupId) change.mutate({ groupId, name: '', how: 'add' })
        }}
      />
    </Card>
  )
}
