import type { ScimTokenRead } from '@keyhook/contract/api/scim-token.ts'
import { Anchor, Button, TextInput } from '@mantine/core'
import { IconUsersPlus } from '@tabler/icons-react'
import { confirmAction } from '../components/confirm.tsx'
import { directoryActions, directoryApi } from '../directory-api.ts'
import { ScimTokenForm } from '../forms/scim-token-form.tsx'
import { invalidate, useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Time } from '../ui/time.tsx'
import { toast } from '../ui/toast.ts'
import classes from './scim-tokens.module.css'

function revoke({ id, name }: ScimTokenRead): void {
  confirmAction({
    title: 'Revoke this SCIM token?',
    body: `What provisions with ${name} is refused at once: users who join are not added, and users who leave are not deactivated. Users and groups that are here stay. This cannot be undone.`,
    confirmLabel: 'Revoke token',
    action: async () => {
      await directoryActions.scimTokenRevoke(id)
      await invalidate('/scim-tokens')
      toast(`${name} is revoked.`)
    },
  })
}

const columns: readonly Column<ScimTokenRead>[] = [
  { header: 'Name', cell: ({ name }) => <b>{name}</b> },
  { header: 'Token', cell: ({ hint }) => <code>{hint}</code> },
  { header: 'Created', cell: ({ created_at }) => <Time value={created_at} /> },
  {
    header: 'Last used',
    cell: ({ last_used_at }) => (last_used_at ? <Time value={last_used_at} /> : 'Never'),
  },
  {
    header: 'Actions',
    headerHidden: true,
    cell: (token) => (
      <Button
        variant="subtle"
        c="var(--bad)"
        size="compact-sm"
        aria-label={`Revoke ${token.name}`}
        onClick={() => revoke(token)}
      >
        Revoke
      </Button>
    ),
  },
]

/** How the identity provider reaches this server. */
function BaseUrl() {
  const url = `${window.location.origin}/scim/v2`
  return (
    <Card title="Address for the identity provider">
      <TextInput
        label="SCIM base URL"
        description="Users and groups, SCIM 2.0, with the token as bearer token (“HTTP header” in Okta, “secret token” in Entra ID)."
        value={url}
        readOnly
        className={classes.url ?? ''}
        classNames={{ input: classes.mono ?? '' }}
        rightSection={<CopyButton value={url} label="Copy SCIM base URL" />}
        rightSectionWidth={40}
        onFocus={(event) => event.currentTarget.select()}
      />
    </Card>
  )
}

export function ScimTokensPage() {
  const page = useRead(directoryApi.scimTokenList())
  return (
    <>
      <PageHeader
        title="SCIM tokens"
        lead={
          <>
            Okta, Entra ID, JumpCloud and others keep users and groups up to date here by themselves.{' '}
            <Anchor href="/docs/scim">How to set it up</Anchor>
          </>
        }
      />
      <div className={classes.stack}>
        <BaseUrl />
        <ScimTokenForm />
        <Card flush>
          {page.data.length === 0 ? (
            <EmptyState icon={<IconUsersPlus size={28} />} title="No SCIM tokens yet">
              Create one above for your identity provider, and paste it there beside the base URL.
            </EmptyState>
          ) : (
            <DataTable label="SCIM tokens" columns={columns} rows={page.data} rowKey={({ id }) => id} />
          )}
        </Card>
      </div>
    </>
  )
}
