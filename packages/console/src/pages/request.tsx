import type { MeRead } from '@keyhook/contract/api/access.ts'
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { accessApi } from '../access-api.ts'
import { api } from '../api.ts'
import { RequestDetails } from '../components/request-details.tsx'
import { RequestGrants } from '../components/request-grants.tsx'
import { RequestState } from '../components/request-state.tsx'
import { RequestTasks } from '../components/request-tasks.tsx'
import { administers, isBusy, isOver } from '../components/request-words.ts'
import { useId } from '../components/search-params.ts'
import { TimelineList } from '../components/timeline-list.tsx'
import { ExtendButton } from '../forms/extend-form.tsx'
import { RequestActions } from '../forms/request-actions.tsx'
import { RevokeButton } from '../forms/revoke-form.tsx'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { AppIcon } from '../ui/app-icon.tsx'
import { Card } from '../ui/card.tsx'
import { TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import classes from './request.module.css'

// A webhook answers within seconds; a person takes longer.
const busyRefreshMs = 1_000
const refreshMs = 10_000

function refreshOf({ status }: AccessRequestRead): number | undefined {
  if (isBusy(status)) return busyRefreshMs
  return isOver(status) ? undefined : refreshMs
}

function leadOf({ requester, target_user }: AccessRequestRead, me: MeRead): string {
  const by = requester.id === me.id ? 'You' : requester.name
  if (target_user.id === requester.id) return `${by} asked for this.`
  return `${by} asked for this for ${target_user.id === me.id ? 'you' : target_user.name}.`
}

/** The way back to the list that the reader came from. */
function backOf({ requester, target_user, allowed, app }: AccessRequestRead, me: MeRead) {
  if (allowed.includes('approve')) return <TextLink to={pb.inbox()}>← For me</TextLink>
  if ([requester.id, target_user.id].includes(me.id))
    return <TextLink to={pb.myRequests()}>← My requests</TextLink>
  return administers(me, app.id) ? (
    <TextLink to={pb.requests()}>← Requests</TextLink>
  ) : (
    <TextLink to={pb.inbox()}>← For me</TextLink>
  )
}

/** One request: where it stands, who has to act, everything that happened to it. */
export function RequestPage() {
  const id = useId()
  const me = useRead(api.me())
  const first = useRead(accessApi.requestView(id))
  const request = useRead(accessApi.requestView(id), refreshOf(first))
  const { app, extension, grants, tasks, timeline } = request

  return (
    <>
      <PageHeader
        title={extension ? `Longer access to ${app.name}` : `Access to ${app.name}`}
        icon={<AppIcon name={app.name} icon={app.icon} />}
        lead={leadOf(request, me)}
        back={backOf(request, me)}
      />
      <div className={classes.page}>
        <div className={classes.head}>
          <RequestState request={request} />
          <div className={classes.bar}>
            <RequestActions request={request} />
          </div>
        </div>
        <div className={classes.side}>
          <Card title="What is asked for">
            <RequestDetails request={request} />
          </Card>
          {grants.length > 0 && (
            <Card title="Access">
              <RequestGrants
                grants={grants}
                actionFor={(grant) => (
                  <div className={classes.actions}>
                    {grant.status === 'active' && grant.user.id === me.id && grant.expires_at && (
                      <ExtendButton grant={grant} />
                    )}
                    {grant.status === 'active' && administers(me, app.id) && <RevokeButton grant={grant} />}
                  </div>
                )}
              />
            </Card>
          )}
          {tasks.length > 0 && (
            <Card title="Tasks">
              <RequestTasks tasks={tasks} />
            </Card>
          )}
        </div>
        <div className={classes.main}>
          <Card title="What has happened">
            <TimelineList entries={timeline} />
          </Card>
        </div>
      </div>
    </>
  )
}
