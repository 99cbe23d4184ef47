import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { IconChevronRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { pb } from '../path-builder.ts'
import { AppIcon } from '../ui/app-icon.tsx'
import { When } from '../ui/when.tsx'
import { accessLengthText } from './access-length.ts'
import classes from './task-card.module.css'
import { permissionWords, reasonSentence, taskTitle } from './task-words.ts'

/** An approval is decided on the page of its request, where everything about it is. */
function pathOf({ id, kind, access_request_id }: TaskRead): string {
  return kind === 'approval' ? pb.request(access_request_id) : pb.task(id)
}

function About({ task }: { task: TaskRead }) {
  const { kind, requester, target_user, access_length_seconds, business_justification } = task
  if (kind !== 'approval') return <div className={classes.why}>{reasonSentence(task)}</div>
  return (
    <>
      <div className={classes.quiet}>
        {accessLengthText(access_length_seconds)}
        {requester.id !== target_user.id && `, asked for by ${requester.name}`}
      </div>
      {business_justification && <div className={classes.why}>“{business_justification}”</div>}
    </>
  )
}

/** Something that waits for the reader. The whole card is what one taps. */
export function TaskCard({ task }: { task: TaskRead }) {
  const { app, target_user, created_at } = task
  return (
    <li className={classes.card}>
      <AppIcon name={app.name} icon={app.icon} />
      <div className={classes.words}>
        <Link to={pathOf(task)} className={classes.name ?? ''}>
          {taskTitle(task)}
        </Link>
        <div className={classes.what}>
          {permissionWords(task)} for {target_user.name}
        </div>
        <About task={task} />
        <div className={classes.quiet}>
          <When value={created_at} />
        </div>
      </div>
      <IconChevronRight size={20} aria-hidden="true" className={classes.arrow} />
    </li>
  )
}
