import { noticeKinds, noticeKindTable, noticeStatuses } from '@keyhook/contract/notice-words.ts'
import { NativeSelect, Tabs } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import bar from '../components/list-bar.module.css'
import { NoticeChannels } from '../components/notice-channels.tsx'
import { NoticeTable, noticeStatusLabels } from '../components/notice-table.tsx'
import { NoticeTemplates } from '../components/notice-templates.tsx'
import { Pager } from '../components/pager.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { ChannelTestButton } from '../forms/channel-test-button.tsx'
import { NoticeAgain } from '../forms/notice-again.tsx'
import { PrincipalPicker } from '../forms/principal-picker.tsx'
import { TestMailForm } from '../forms/test-mail-form.tsx'
import { pb } from '../path-builder.ts'
import { useSteadyRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { ListSkeleton } from '../ui/skeletons.tsx'
import classes from './app.module.css'
import { type NoticesSearch, type NoticeTab, noticeListOf, noticesSearch } from './notice-search.ts'

const tabs: readonly { value: NoticeTab; label: string }[] = [
  { value: 'sent', label: 'What was sent' },
  { value: 'channels', label: 'Channels' },
  { value: 'templates', label: 'Words' },
  { value: 'mail', label: 'Mail' },
]
const all = { value: '', label: 'All' }
const statuses = [all, ...noticeStatuses.map((value) => ({ value, label: noticeStatusLabels[value] }))]
const kinds = [all, ...noticeKinds.map((value) => ({ value, label: noticeKindTable[value].label }))]

function Sent({ search }: { search: NoticesSearch }) {
  const router = useRouter()
  const { value: page, isLate } = useSteadyRead(noticeListOf(search))
  const filtered = Boolean(search.status ?? search.kind ?? search.user_id)
  const set = (change: Partial<NoticesSearch>) =>
    void router.navigate({
      to: pb.notices(),
      search: { ...search, ...change, cursor: undefined },
      replace: true,
      resetScroll: false,
    })
  return (
    <Card flush>
      <search className={bar.bar} aria-label="Filter notices">
        <NativeSelect
          label="Status"
          className={bar.field ?? ''}
          data={statuses}
          value={search.status ?? ''}
          onChange={(event) => set(noticesSearch({ ...search, status: event.currentTarget.value }))}
        />
        <NativeSelect
          label="Kind"
          className={bar.field ?? ''}
          data={kinds}
          value={search.kind ?? ''}
          onChange={(event) => set(noticesSearch({ ...search, kind: event.currentTarget.value }))}
        />
        <div className={bar.search}>
          <PrincipalPicker
            label="To"
            kind="user"
            most={1}
            value={search.user_id ? [search.user_id] : []}
            onChange={([user_id]) => set({ user_id })}
          />
        </div>
      </search>
      {page === null ? (
        <ListSkeleton />
      ) : page.data.length === 0 ? (
        <EmptyState
          icon={<IconBell size={28} />}
          title={filtered ? 'No notice matches' : 'Nothing was sent yet'}
        >
          {filtered
            ? 'Loosen a filter to see more.'
            : 'People are told by mail or chat what waits for them and what becomes of their requests. It is listed here.'}
        </EmptyState>
      ) : (
        <div aria-busy={isLate}>
          <NoticeTable notices={page.data} action={(notice) => <NoticeAgain notice={notice} />} />
        </div>
      )}
      <Pager
        cursor={search.cursor}
        next={page?.next_cursor ?? null}
        newestLabel="Newest"
        olderLabel="Older"
      />
    </Card>
  )
}

export function NoticesPage() {
  const router = useRouter()
  const search = useSearchAs(noticesSearch)
  const { tab = 'sent' } = search
  return (
    <>
      <PageHeader
        title="Notices"
        lead="What people and channels are told, in which words, and whether it reached them. Each person chooses for themself how."
      />
      <Tabs
        value={tab}
        onChange={(value) =>
          void router.navigate({
            to: pb.notices(),
            search: { tab: value === 'sent' ? undefined : value },
            replace: true,
            resetScroll: false,
          })
        }
        keepMounted={false}
      >
        <Tabs.List className={classes.tabs ?? ''}>
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="sent">
          <Sent search={search} />
        </Tabs.Panel>
        <Tabs.Panel value="channels">
          <NoticeChannels
            action={({ id, name }) => <ChannelTestButton id={id} name={name} size="compact-sm" />}
          />
        </Tabs.Panel>
        <Tabs.Panel value="templates">
          <NoticeTemplates />
        </Tabs.Panel>
        <Tabs.Panel value="mail">
          <TestMailForm />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
