import { grantStatusLabels } from '@keyhook/contract/access-words.ts'
import type { AccessRequestSummary } from '@keyhook/contract/api/access-request.ts'
import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import { accessApi } from '../access-api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { TextLink } from '../ui/links.tsx'
import { Pill } from '../ui/pill.tsx'
import { When } from '../ui/when.tsx'
import { endWords, grantTone } from './grant-words.ts'
import { RequestPill } from './request-pill.tsx'
import { listWords } from './request-words.ts'
import classes from './user-access.module.css'

const few = 10

export const userGrantsOf = (id: string) => accessApi.grantList({ user_id: id, limit: few })
export const userRequestsOf = (id: string) => accessApi.requestList({ user_id: id, limit: few })

const grantColumns: readonly Column<GrantRead>[] = [
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
  { header: 'Until', cell: (grant) => endWords(grant, Date.now()) },
]

const requestColumns: readonly Column<AccessRequestSummary>[] = [
  {
    header: 'App',
    cell: ({ id, app }) => (
      <TextLink to={pb.request(id)} fw={600}>
        {app.name}
      </TextLink>
    ),
  },
  { header: 'What', cell: ({ permissions }) => listWords(permissions.map(({ label }) => label)) },
  { header: 'Status', cell: (request) => <RequestPill request={request} /> },
  { header: 'Asked', cell: ({ created_at }) => <When value={created_at} /> },
]

/** The access of a user and what they asked for: the newest of each, with the way to all. */
export function UserAccess({ userId }: { userId: string }) {
  const grants = useRead(userGrantsOf(userId))
  const requests = useRead(userRequestsOf(userId))
  return (
    <>
      <Card
        title="Access"
        flush
        aside={
          grants.next_cursor && (
            <TextLink to={pb.grants()} search={{ user_id: userId }}>
              All access
            </TextLink>
          )
        }
      >
        {grants.data.length === 0 ? (
          <p className={classes.none}>No access.</p>
        ) : (
          <DataTable label="Access" columns={grantColumns} rows={grants.data} rowKey={({ id }) => id} />
        )}
      </Card>
      <Card
        title="Requests"
        flush
        aside={
          requests.next_cursor && (
            <TextLink to={pb.requests()} search={{ user_id: userId }}>
              All requests
            </TextLink>
          )
        }
      >
        {requests.data.length === 0 ? (
          <p className={classes.none}>No requests.</p>
        ) : (
          <DataTable label="Requests" columns={requestColumns} rows={requests.data} rowKey={({ id }) => id} />
        )}
      </Card>
    </>
  )
}
