import type { ApiKeyRead } from '@keyhook/contract/api/access.ts'
import { Anchor, Button } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { actions, api } from '../api.ts'
import { confirmAction } from '../components/confirm.tsx'
import { ApiKeyForm } from '../forms/api-key-form.tsx'
import { serverPages } from '../path-builder.ts'
import { invalidate, useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Time } from '../ui/time.tsx'
import { toast } from '../ui/toast.ts'
import classes from './webhook.module.css'

function revoke({ id, name }: ApiKeyRead): void {
  confirmAction({
    title: 'Revoke this API key?',
    body: `Programs that use ${name} are refused at once. This cannot be undone.`,
    confirmLabel: 'Revoke key',
    action: async () => {
      await actions.apiKeyRevoke(id)
      await invalidate('/api-keys')
      toast(`${name} is revoked.`)
    },
  })
}

const columns: readonly Column<ApiKeyRead>[] = [
  { header: 'Name', cell: ({ name }) => <b>{name}</b> },
  { header: 'Key', cell: ({ hint }) => <code>{hint}</code> },
  { header: 'Created', cell: ({ created_at }) => <Time value={created_at} /> },
  {
    header: 'Last used',
    cell: ({ last_used_at }) => (last_used_at ? <Time value={last_used_at} /> : 'Never'),
  },
  {
    header: 'Actions',
    headerHidden: true,
    cell: (key) => (
      <Button
        variant="subtle"
        c="var(--bad)"
        size="compact-sm"
        aria-label={`Revoke ${key.name}`}
        onClick={() => revoke(key)}
      >
        Revoke
      </Button>
    ),
  },
]

export function ApiKeysPage() {
  const page = useRead(api.apiKeyList({ limit: 200 }))
  return (
    <>
      <PageHeader
        title="API keys"
        lead={
          <>
            For programs that call the Keyhook API. A key may do everything that an administrator may.{' '}
            <Anchor href={serverPages.apiDocs}>API reference</Anchor>
          </>
        }
      />
      <div className={classes.stack}>
        <ApiKeyForm />
        <Card flush>
          {page.data.length === 0 ? (
            <EmptyState icon={<IconKey size={28} />} title="No API keys yet">
              Create one above for each program, so that each can be revoked by itself.
            </EmptyState>
          ) : (
            <DataTable label="API keys" columns={columns} rows={page.data} rowKey={({ id }) => id} />
          )}
        </Card>
      </div>
    </>
  )
}
