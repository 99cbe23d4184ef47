import type { UserRead } from '@keyhook/contract/api/user.ts'
import { directorySourceLabels, userRoleLabels, userStatusLabels } from '@keyhook/contract/directory-words.ts'
import type { ReactNode } from 'react'
import { pb } from '../path-builder.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { TextLink } from '../ui/links.tsx'
import { Pill } from '../ui/pill.tsx'
import classes from './user-table.module.css'

export function UserStatusPill({ status }: Pick<UserRead, 'status'>) {
  return <Pill tone={status === 'active' ? 'good' : 'quiet'}>{userStatusLabels[status]}</Pill>
}

const name: Column<UserRead> = {
  header: 'Name',
  cell: ({ id, name, email, role }) => (
    <>
      <TextLink to={pb.user(id)} className={classes.name ?? ''}>
        {name}
      </TextLink>
      {role === 'admin' && <span className={classes.role}>{userRoleLabels.admin}</span>}
      {name !== email && <div className={classes.email}>{email}</div>}
    </>
  ),
}
const job: Column<UserRead> = {
  header: 'Department',
  cell: ({ department, title }) =>
    department || title ? (
      <div>
        {department}
        {title && <div className={classes.email}>{title}</div>}
      </div>
    ) : (
      <span className={classes.quiet}>None</span>
    ),
}
const manager: Column<UserRead> = {
  header: 'Manager',
  cell: ({ manager }) =>
    manager ? (
      <TextLink to={pb.user(manager.id)} c="inherit">
        {manager.name}
      </TextLink>
    ) : (
      <span className={classes.quiet}>None</span>
    ),
}
const source: Column<UserRead> = {
  header: 'From',
  wideOnly: true,
  cell: ({ source }) => directorySourceLabels[source],
}
const status: Column<UserRead> = { header: 'Status', cell: (user) => <UserStatusPill status={user.status} /> }

type Props = { label: string; users: readonly UserRead[]; actions?: (user: UserRead) => ReactNode }

/** Users, one a row; with `actions` a last column of what can be done to each. */
export function UserTable({ label, users, actions }: Props) {
  const columns = actions
    ? [name, job, status, { header: 'Actions', headerHidden: true, cell: actions }]
    : [name, job, manager, source, status]
  return <DataTable label={label} columns={columns} rows={users} rowKey={({ id }) => id} />
}
