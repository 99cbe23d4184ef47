import type { NoticeRead } from '@keyhook/contract/api/notice.ts'
import { type NoticeStatus, noticeKindTable } from '@keyhook/contract/notice-words.ts'
import type { ReactNode } from 'react'
import { pb } from '../path-builder.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { TextLink } from '../ui/links.tsx'
import { Pill, type Tone } from '../ui/pill.tsx'
import { Time } from '../ui/time.tsx'
import { When } from '../ui/when.tsx'
import classes from './notice-table.module.css'

export const noticeStatusLabels: Readonly<Record<NoticeStatus, string>> = {
  waiting: 'Waiting',
  sent: 'Sent',
  failed: 'Failed',
  skipped: 'Not needed',
}
const tones: Readonly<Record<NoticeStatus, Tone>> = {
  waiting: 'busy',
  sent: 'good',
  failed: 'bad',
  skipped: 'quiet',
}
const ways: Readonly<Record<NoticeRead['channel'], string>> = {
  mail: 'Mail',
  chat: 'Own chat',
  channel: 'Channel',
}

function Status({ notice: { status, attempts, last_error, next_attempt_at } }: { notice: NoticeRead }) {
  return (
    <div>
      <Pill tone={tones[status]}>{noticeStatusLabels[status]}</Pill>
      {status !== 'sent' && last_error && <div className={classes.error}>{last_error}</div>}
      {status === 'waiting' && attempts > 0 && next_attempt_at && (
        <div className={classes.quiet}>
          Next try <When value={next_attempt_at} />
        </div>
      )}
    </div>
  )
}

type Props = { notices: readonly NoticeRead[]; action: (notice: NoticeRead) => ReactNode }

/** What was sent to whom, and what came of it. */
export function NoticeTable({ notices, action }: Props) {
  const columns: readonly Column<NoticeRead>[] = [
    {
      header: 'Notice',
      cell: ({ kind, subject, access_request_id }) => (
        <>
          {access_request_id ? (
            <TextLink to={pb.request(access_request_id)} fw={600}>
              {subject}
            </TextLink>
          ) : (
            <b>{subject}</b>
          )}
          <div className={classes.quiet}>{noticeKindTable[kind].label}</div>
        </>
      ),
    },
    {
      header: 'To',
      cell: ({ to, channel_name }) =>
        to ? <TextLink to={pb.user(to.id)}>{to.name}</TextLink> : (channel_name ?? 'Nobody any more'),
    },
    { header: 'By', wideOnly: true, cell: ({ channel }) => ways[channel] },
    { header: 'Status', cell: (notice) => <Status notice={notice} /> },
    { header: 'When', cell: ({ sent_at, created_at }) => <Time value={sent_at ?? created_at} /> },
    { header: 'Actions', headerHidden: true, cell: action },
  ]
  return <DataTable label="Notices" columns={columns} rows={notices} rowKey={({ id }) => id} />
}
