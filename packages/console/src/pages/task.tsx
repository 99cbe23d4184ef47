import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { accessApi } from '../access-api.ts'
import { api } from '../api.ts'
import { accessLengthText } from '../components/access-length.ts'
import { administers, listWords } from '../components/request-words.ts'
import { useId } from '../components/search-params.ts'
import { TaskReason } from '../components/task-reason.tsx'
import { permissionWords, taskSentence, taskStatusWords, taskTitle } from '../components/task-words.ts'
import { TaskActions } from '../forms/task-actions.tsx'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { AppIcon } from '../ui/app-icon.tsx'
import { Card } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pill } from '../ui/pill.tsx'
import { Quote } from '../ui/quote.tsx'
import { Day, When } from '../ui/when.tsx'
import classes from './request.module.css'

// A late answer of the webhook is shown without a reload.
const refreshMs = 5_000

function Completed({ task }: { task: TaskRead }) {
  const { completed_by, completed_at, comment, status } = task
  if (status === 'open' || completed_at === null) return null
  return (
    <Card title={taskStatusWords(status).label}>
      {comment && <Quote label="Comment" text={comment} />}
      <div>
        {completed_by && `${completed_by}, `}
        <When value={completed_at} />
      </div>
    </Card>
  )
}

function Details({ task }: { task: TaskRead }) {
  const { target_user, requester, access_length_seconds, business_justification, assignees } = task
  return (
    <Card title="Details">
      <Facts
        items={[
          ['Permission', permissionWords(task)],
          ['Value', task.permissions.map(({ value }) => value).join(', ')],
          ['For', `${target_user.name} (${target_user.email})`],
          ...(requester.id === target_user.id ? [] : [['Asked for by', requester.name] as const]),
          ['How long', accessLengthText(access_length_seconds)],
          ['Why', business_justification || 'Not said'],
          ['Asked to do it', listWords(assignees.map(({ name }) => name))],
          ['Since', <Day key="since" value={task.created_at} />],
          [
            'Request',
            <TextLink key="request" to={pb.request(task.access_request_id)}>
              Everything about it
            </TextLink>,
          ],
        ]}
      />
    </Card>
  )
}

/** Access to give or remove by hand: what, why a person, and what was or would have been sent. */
export function TaskPage() {
  const id = useId()
  const me = useRead(api.me())
  const task = useRead(accessApi.taskView(id), refreshMs)
  const { app, status, payload } = task
  const { tone, label } = taskStatusWords(status)

  return (
    <>
      <PageHeader
        title={taskTitle(task)}
        icon={<AppIcon name={app.name} icon={app.icon} />}
        badge={<Pill tone={tone}>{label}</Pill>}
        lead={taskSentence(task)}
        back={<TextLink to={pb.inbox()}>← For me</TextLink>}
      />
      <div className={classes.page}>
        <div className={classes.head}>
          <Completed task={task} />
          <div className={classes.bar}>
            <TaskActions task={task} />
          </div>
        </div>
        <div className={classes.main}>
          <div className={classes.side}>
            <Card title="Why a person has to do it">
              <TaskReason task={task} withDelivery={administers(me, app.id)} />
            </Card>
            {payload !== null && (
              <Card title={task.delivery ? 'What was sent' : 'What a webhook would be sent'}>
                <CodeBlock label="payload" text={JSON.stringify(payload)} />
              </Card>
            )}
          </div>
        </div>
        <div className={classes.side}>
          <Details task={task} />
        </div>
      </div>
    </>
  )
}
