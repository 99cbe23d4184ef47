import type { NoticeTemplateRead } from '@keyhook/contract/api/notice.ts'
import { noticeApi } from '../notice-api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { TextLink } from '../ui/links.tsx'
import { Pill } from '../ui/pill.tsx'

const columns: readonly Column<NoticeTemplateRead>[] = [
  {
    header: 'Notice',
    cell: ({ kind, label }) => (
      <TextLink to={pb.noticeTemplate(kind)} fw={600}>
        {label}
      </TextLink>
    ),
  },
  { header: 'Subject', cell: ({ subject }) => subject },
  {
    header: 'Words',
    cell: ({ changed }) => (changed ? <Pill tone="busy">Your own</Pill> : 'As they came'),
  },
]

/** The words of every kind of notice. */
export function NoticeTemplates() {
  const { data } = useRead(noticeApi.templateList())
  return (
    <Card flush>
      <DataTable label="Templates" columns={columns} rows={data} rowKey={({ kind }) => kind} />
    </Card>
  )
}
