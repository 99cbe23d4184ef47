import { taskKindLabels } from '@keyhook/contract/access-words.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { pb } from '../path-builder.ts'
import { TextLink } from '../ui/links.tsx'
import { Pill } from '../ui/pill.tsx'
import classes from './request-parts.module.css'
import { listWords } from './request-words.ts'
import { permissionWords, taskStatusWords } from './task-words.ts'

function kindWords({ kind }: TaskRead): string {
  return kind === 'approval' ? 'Approval' : taskKindLabels[kind]
}

function stepWords({ step }: TaskRead): string {
  return step && step.of > 1 ? `, step ${step.number} of ${step.of}` : ''
}

/** Who was asked and what became of it. */
function Outcome({ task }: { task: TaskRead }) {
  const { status, assignees, completed_by, fallback } = task
  const names = listWords(assignees.map(({ name, active }) => (active ? name : `${name} (deactivated)`)))
  return (
    <>
      <div className={classes.quiet}>
        {status === 'open' || !completed_by ? names && `Asked: ${names}` : `By ${completed_by}`}
      </div>
      {fallback && <div className={classes.quiet}>{fallback}</div>}
    </>
  )
}

/** The work that a request made for people. */
export function RequestTasks({ tasks }: { tasks: readonly TaskRead[] }) {
  return (
    <ul className={classes.list} aria-label="Tasks">
      {tasks.map((task) => (
        <li key={task.id} className={classes.item}>
          <div className={classes.words}>
            <div>
              {task.kind === 'approval' || task.allowed.length === 0 ? (
                <b>{kindWords(task)}</b>
              ) : (
                <TextLink to={pb.task(task.id)} fw={650}>
                  {kindWords(task)}
                </TextLink>
              )}
              <span className={classes.quiet}>{stepWords(task)}</span>
            </div>
            {task.kind !== 'approval' && <div>{permissionWords(task)}</div>}
            <Outcome task={task} />
          </div>
          <Pill tone={taskStatusWords(task.status).tone}>{taskStatusWords(task.status).label}</Pill>
        </li>
      ))}
    </ul>
  )
}
