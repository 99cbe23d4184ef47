import { grantStatusLabels, offboardingStatusLabels } from '@keyhook/contract/access-words.ts'
import type { OffboardingRead } from '@keyhook/contract/api/offboarding.ts'
import { endWords, grantTone } from '../components/grant-words.ts'
import { OffboardingTodoList } from '../components/offboarding-todo.tsx'
import { offboardingTones, offboardingWords } from '../components/offboarding-words.ts'
import { ReviewProgress } from '../components/review-progress.tsx'
import { useId } from '../components/search-params.ts'
import { lifecycleApi } from '../lifecycle-api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Facts } from '../ui/facts.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pill } from '../ui/pill.tsx'
import { Time } from '../ui/time.tsx'
import classes from './offboarding.module.css'

const refreshMs = 3_000

type Grant = OffboardingRead['grants'][number]

const columns: readonly Column<Grant>[] = [
  {
    header: 'App',
    cell: ({ app, access_request_id }) => (
      <TextLink to={pb.request(access_request_id)} fw={600}>
        {app.name}
      </TextLink>
    ),
  },
  { header: 'Permission', cell: ({ permission }) => permission.label },
  {
    header: 'Status',
    cell: (grant) => <Pill tone={grantTone(grant)}>{grantStatusLabels[grant.status]}</Pill>,
  },
  {
    header: 'What happened',
    cell: (grant) =>
      grant.open_task_id ? (
        <TextLink to={pb.task(grant.open_task_id)}>A person must remove it</TextLink>
      ) : (
        endWords(grant, Date.now())
      ),
  },
]

function Cancelled({ requests }: { requests: OffboardingRead['cancelled_requests'] }) {
  return (
    <ul className={classes.requests}>
      {requests.map(({ id, app }) => (
        <li key={id}>
          <TextLink to={pb.request(id)}>{app.name}</TextLink>
        </li>
      ))}
    </ul>
  )
}

/** Somebody left: how far the removal of their access is, and what a person must still do. */
export function OffboardingPage() {
  const id = useId()
  const first = useRead(lifecycleApi.offboardingView(id))
  const offboarding = useRead(
    lifecycleApi.offboardingView(id),
    first.status === 'running' ? refreshMs : undefined,
  )
  const { user, status, progress, grants, todo, cancelled_requests, finished_at } = offboarding
  const must = todo.filter((one) => one.must)
  const worthALook = todo.filter((one) => !one.must)

  return (
    <>
      <PageHeader
        title={`Offboarding: ${user.name}`}
        badge={<Pill tone={offboardingTones[status]}>{offboardingStatusLabels[status]}</Pill>}
        lead={user.email}
        back={<TextLink to={pb.offboardings()}>← Offboarding</TextLink>}
        actions={
          <ButtonLink variant="default" to={pb.user(user.id)}>
            {user.name}’s page
          </ButtonLink>
        }
      />
      <div className={classes.columns}>
        <div className={classes.stack}>
          {must.length > 0 && (
            <Card title={`What a person must do (${must.length})`}>
              <OffboardingTodoList label="What a person must do" todo={must} />
            </Card>
          )}
          <Card title="Access" flush>
            {grants.length === 0 ? (
              <p className={classes.none}>There was no access to remove.</p>
            ) : (
              <DataTable label="Access" columns={columns} rows={grants} rowKey={(grant) => grant.id} />
            )}
          </Card>
          {worthALook.length > 0 && (
            <Card title={`Worth a look (${worthALook.length})`}>
              <OffboardingTodoList label="Worth a look" todo={worthALook} />
            </Card>
          )}
        </div>
        <div className={classes.stack}>
          <Card title="How far it is">
            <div aria-live="polite">
              <ReviewProgress label="Access removed" done={progress.ended} total={progress.total} />
              <p className={classes.words}>{offboardingWords(offboarding)}</p>
              {must.length === 0 && status === 'done' && (
                <p className={classes.words}>Nothing is left to do.</p>
              )}
            </div>
          </Card>
          <Card title="Details">
            <Facts
              items={[
                ['Begun', <Time key="begun" value={offboarding.started_at} />],
                ['Begun by', offboarding.started_by],
                [
                  status === 'stopped' ? 'Stopped' : 'Finished',
                  finished_at ? <Time key="finished" value={finished_at} /> : 'Not yet',
                ],
                ...(cancelled_requests.length > 0
                  ? ([
                      [
                        'Requests that were cancelled',
                        <Cancelled key="requests" requests={cancelled_requests} />,
                      ],
                    ] as const)
                  : []),
              ]}
            />
          </Card>
        </div>
      </div>
    </>
  )
}
