import type { AppRead, PermissionRead } from '@keyhook/contract/api/app.ts'
import { ActionIcon } from '@mantine/core'
import { IconArchive, IconKey, IconPlus } from '@tabler/icons-react'
import { appActions, appApi } from '../app-api.ts'
import { pb } from '../path-builder.ts'
import { invalidate, useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { toast } from '../ui/toast.ts'
import classes from './app-permissions.module.css'
import { confirmAction } from './confirm.tsx'

function archive(app: AppRead, { id, label }: PermissionRead): void {
  confirmAction({
    title: `Archive ${label}?`,
    body: 'Nobody can request it any more. Access that people have stays until it ends.',
    confirmLabel: 'Archive permission',
    action: async () => {
      await appActions.permissionArchive(app.id, id)
      await invalidate('/apps')
      toast(`${label} is archived.`)
    },
  })
}

/** Where a permission differs from its app, in a few words. */
function ownWords({ webhooks, approvers }: PermissionRead): string {
  const own = [
    ...(approvers === null ? [] : [approvers.length === 0 ? 'nobody approves' : 'approvers']),
    ...(Object.values(webhooks).some((attached) => attached !== null) ? ['webhooks'] : []),
  ]
  return own.length === 0 ? 'Nothing' : own.join(', ').replace(/^./, (letter) => letter.toUpperCase())
}

/** What can be requested of an app. */
export function AppPermissions({ app }: { app: AppRead }) {
  const page = useRead(appApi.permissionList(app.id))
  const data = page.data.toSorted((left, right) => left.label.localeCompare(right.label))
  const add = !app.archived && (
    <ButtonLink size="xs" to={pb.permissionNew(app.id)} leftSection={<IconPlus size={15} />}>
      Add permission
    </ButtonLink>
  )
  const columns: readonly Column<PermissionRead>[] = [
    {
      header: 'Permission',
      cell: ({ id, label, description }) => (
        <>
          <TextLink to={pb.permission(app.id, id)} className={classes.name ?? ''}>
            {label}
          </TextLink>
          {description && <div className={classes.description}>{description}</div>}
        </>
      ),
    },
    { header: 'Value', cell: ({ value }) => <code>{value}</code> },
    { header: 'Source', wideOnly: true, cell: ({ source }) => <code>{source}</code> },
    { header: 'Of its own', cell: ownWords },
    {
      header: 'Actions',
      headerHidden: true,
      cell: (permission) =>
        !app.archived && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            aria-label={`Archive ${permission.label}`}
            onClick={() => archive(app, permission)}
          >
            <IconArchive size={17} />
          </ActionIcon>
        ),
    },
  ]

  if (data.length === 0) {
    return (
      <Card>
        <EmptyState icon={<IconKey size={28} />} title="No permissions yet" actions={add}>
          A permission is what a person has in an app, for example “Reader” or “Administrator”.
        </EmptyState>
      </Card>
    )
  }
  return (
    <Card title="Permissions" aside={add} flush>
      <DataTable label="Permissions" columns={columns} rows={data} rowKey={({ id }) => id} />
    </Card>
  )
}
