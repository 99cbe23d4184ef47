import type { OffboardingTodo } from '@keyhook/contract/api/offboarding.ts'
import { IconAlertTriangle, IconEye } from '@tabler/icons-react'
import { pb } from '../path-builder.ts'
import { TextLink } from '../ui/links.tsx'
import classes from './offboarding-todo.module.css'

/** Where a thing that is to be done is done; null when there is no page for it. */
function linkOf(todo: OffboardingTodo): { to: string; label: string } | null {
  if (todo.task_id) return { to: pb.task(todo.task_id), label: 'Open the task' }
  if (todo.access_request_id) return { to: pb.request(todo.access_request_id), label: 'Open the request' }
  if (todo.app_id) return { to: pb.app(todo.app_id), label: 'Open the app' }
  if (todo.group_id) return { to: pb.group(todo.group_id), label: 'Open the group' }
  return todo.user_id ? { to: pb.user(todo.user_id), label: 'Open the user' } : null
}

type Props = { label: string; todo: readonly OffboardingTodo[] }

/** What a person must still do, or should look at. */
export function OffboardingTodoList({ label, todo }: Props) {
  return (
    <ul className={classes.list} aria-label={label}>
      {todo.map((one, index) => {
        const link = linkOf(one)
        const Icon = one.must ? IconAlertTriangle : IconEye
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: they have no identity of their own, and are made anew each time.
          <li key={index} data-must={one.must || undefined}>
            <Icon size={17} aria-hidden="true" className={classes.icon} />
            <span className={classes.text}>{one.text}</span>
            {link && <TextLink to={link.to}>{link.label}</TextLink>}
          </li>
        )
      })}
    </ul>
  )
}
