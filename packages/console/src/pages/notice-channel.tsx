import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { confirmAction } from '../components/confirm.tsx'
import { useId } from '../components/search-params.ts'
import { ChannelForm } from '../forms/channel-form.tsx'
import { ChannelTestButton } from '../forms/channel-test-button.tsx'
import { channelMembers } from '../forms/channel-values.ts'
import { noticeActions, noticeApi } from '../notice-api.ts'
import { pb } from '../path-builder.ts'
import { invalidate, useTaggedRead } from '../query.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toast.ts'

const tab = { tab: 'channels' } as const

function useSaved() {
  const router = useRouter()
  return async (message: string) => {
    await router.navigate({ to: pb.notices(), search: tab, ignoreBlocker: true })
    await invalidate('/notice-channels')
    toast(message)
  }
}

const back = (
  <TextLink to={pb.notices()} search={tab}>
    ← Notices
  </TextLink>
)
const cancel = (
  <ButtonLink variant="default" to={pb.notices()} search={tab}>
    Cancel
  </ButtonLink>
)

export function NoticeChannelNewPage() {
  const saved = useSaved()
  return (
    <>
      <PageHeader
        title="Add channel"
        lead="A channel of a team in Slack, Teams or something compatible, beside what each person chooses for themself."
        back={back}
      />
      <ChannelForm
        channel={null}
        save={async (values) => {
          const channel = await noticeActions.channelCreate(channelMembers(values, true))
          await saved(`${channel.name} is added.`)
        }}
        startAgain={null}
        cancel={cancel}
      />
    </>
  )
}

function EditForm({ id, startAgain }: { id: string; startAgain: () => void }) {
  const saved = useSaved()
  // The version that the form started from. A later one would hide that somebody else changed it meanwhile.
  const latest = useTaggedRead(noticeApi.channelView(id))
  const [{ value: channel, etag }] = useState(latest)

  function remove() {
    confirmAction({
      title: `Delete ${channel.name}?`,
      body: 'It is told nothing any more. What was sent stays in the list.',
      confirmLabel: 'Delete channel',
      action: async () => {
        await noticeActions.channelDelete(id)
        await saved(`${channel.name} is deleted.`)
      },
    })
  }

  return (
    <>
      <PageHeader
        title={channel.name}
        lead="What a channel of a team is told."
        back={back}
        actions={
          <>
            <ChannelTestButton id={id} name={channel.name} />
            <Button variant="default" c="var(--bad)" leftSection={<IconTrash size={16} />} onClick={remove}>
              Delete
            </Button>
          </>
        }
      />
      <ChannelForm
        channel={channel}
        save={async (values) => {
          await noticeActions.channelChange(id, channelMembers(values, false), etag)
          await saved('Your changes are saved.')
        }}
        startAgain={startAgain}
        cancel={cancel}
      />
    </>
  )
}

export function NoticeChannelPage() {
  const id = useId()
  const [round, setRound] = useState(0)

  async function startAgain() {
    await invalidate('/notice-channels')
    setRound(round + 1)
  }

  return <EditForm key={`${id} ${round}`} id={id} startAgain={() => void startAgain()} />
}
