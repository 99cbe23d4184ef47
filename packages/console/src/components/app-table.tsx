import type { AppRead } from '@keyhook/contract/api/app.ts'
import { pb } from '../path-builder.ts'
import { AppIcon } from '../ui/app-icon.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { TextLink } from '../ui/links.tsx'
import { Day } from '../ui/when.tsx'
import classes from './app-table.module.css'
import { PrincipalNames } from './principal-names.tsx'

/** How its requests are approved, in a few words. */
export function approvalWords({ approvers }: Pick<AppRead, 'approvers'>): string {
  const words = { manager: 'Manager', app_admins: 'App admins', named: 'Named people' } as const
  return approvers.length === 0 ? 'Nobody is asked' : approvers.map(({ type }) => words[type]).join(', then ')
}

const columns: readonly Column<AppRead>[] = [
  {
    header: 'App',
    cell: ({ id, name, icon, app_id }) => (
      <span className={classes.app}>
        <AppIcon name={name} icon={icon} size="sm" />
        <span>
          <TextLink to={pb.app(id)} className={classes.name ?? ''}>
            {name}
          </TextLink>
          <code className={classes.slug}>{app_id}</code>
        </span>
      </span>
    ),
  },
  { header: 'Category', cell: ({ category }) => category ?? <span className={classes.quiet}>None</span> },
  {
    header: 'App admins',
    cell: ({ admin_refs }) => <PrincipalNames principals={admin_refs} none="Administrators" />,
  },
  { header: 'Approval', cell: approvalWords },
  { header: 'Changed', wideOnly: true, cell: ({ updated_at }) => <Day value={updated_at} /> },
]

export function AppTable({ apps }: { apps: readonly AppRead[] }) {
  return <DataTable label="Apps" columns={columns} rows={apps} rowKey={({ id }) => id} />
}
