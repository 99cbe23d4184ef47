import type { NoticeChannelRead } from '@keyhook/contract/api/notice.ts'
import { chatKindLabels, noticeKindTable } from '@keyhook/contract/notice-words.ts'
import { IconMessageChatbot, IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { noticeApi } from '../notice-api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { Pill } from '../ui/pill.tsx'

function add() {
  return (
    <ButtonLink size="xs" to={pb.noticeChannelNew()} leftSection={<IconPlus size={15} />}>
      Add channel
    </ButtonLink>
  )
}

function toldWords({ kinds }: NoticeChannelRead): string {
  if (kinds === null) return 'Everything'
  return kinds.length > 2
    ? `${kinds.length} kinds`
    : kinds.map((kind) => noticeKindTable[kind].label).join(', ')
}

type Props = { action: (channel: NoticeChannelRead) => ReactNode }

/** The channels of teams that are told what happens. */
export function NoticeChannels({ action }: Props) {
  const { data } = useRead(noticeApi.channelList())
  const columns: readonly Column<NoticeChannelRead>[] = [
    {
      header: 'Channel',
      cell: ({ id, name }) => (
        <TextLink to={pb.noticeChannel(id)} fw={600}>
          {name}
        </TextLink>
      ),
    },
    { header: 'Chat', cell: ({ kind, host }) => <span title={host}>{chatKindLabels[kind]}</span> },
    {
      header: 'Apps',
      cell: ({ app_ids }) =>
        app_ids === null ? 'Every app' : app_ids.length === 1 ? '1 app' : `${app_ids.length} apps`,
    },
    { header: 'Told', cell: toldWords },
    {
      header: 'State',
      cell: ({ enabled }) => (
        <Pill tone={enabled ? 'good' : 'quiet'}>{enabled ? 'Enabled' : 'Disabled'}</Pill>
      ),
    },
    { header: 'Actions', headerHidden: true, cell: action },
  ]
  if (data.length === 0) {
    return (
      <Card>
        <EmptyState icon={<IconMessageChatbot size={28} />} title="No channels yet" actions={add()}>
          Tell a whole team what waits for it: a channel in Slack, Teams or something compatible.
        </EmptyState>
      </Card>
    )
  }
  return (
    <Card title="Channels" aside={add()} flush>
      <DataTable label="Channels" columns={columns} rows={data} rowKey={({ id }) => id} />
    </Card>
  )
}
