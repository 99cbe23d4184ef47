import type { AppRead } from '@keyhook/contract/api/app.ts'
import { IconKey } from '@tabler/icons-react'
import { appApi } from '../app-api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { Facts } from '../ui/facts.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { accessLengthText } from './access-length.ts'
import classes from './app-overview.module.css'
import { ChainPicture } from './chain-picture.tsx'
import { PrincipalIdNames, PrincipalNames } from './principal-names.tsx'

/** The lengths that may be asked for, in words. */
export function lengthsWords(lengths: AppRead['access_lengths_seconds']): string {
  return lengths.length === 0 ? 'Any' : lengths.map(accessLengthText).join(', ')
}

/** What an app is at a glance: what runs when a request comes, and whose it is. */
export function AppOverview({ app }: { app: AppRead }) {
  const chain = useRead(appApi.appChain(app.id))
  const permissions = useRead(appApi.permissionList(app.id))
  return (
    <div className={classes.columns}>
      <div className={classes.stack}>
        {permissions.data.length === 0 && !app.archived && (
          <Notice
            tone="info"
            title="Nothing can be requested yet."
            action={
              <ButtonLink size="xs" to={pb.permissionNew(app.id)} leftSection={<IconKey size={15} />}>
                Add permission
              </ButtonLink>
            }
          >
            An app without permissions is not in the catalogue. Add what people can have in it.
          </Notice>
        )}
        <Card title="What runs when a request comes">
          <ChainPicture chain={chain} />
        </Card>
      </div>
      <Card title="At a glance">
        <Facts
          items={[
            ['Owner', app.owner?.name ?? 'Nobody'],
            [
              'App admins',
              <PrincipalNames key="admins" principals={app.admin_refs} none="The administrators" />,
            ],
            [
              'Who may request it',
              app.visible_to === null ? (
                'Everyone'
              ) : (
                <PrincipalIdNames key="visible" ids={app.visible_to} none="Nobody" />
              ),
            ],
            ['Access lengths', lengthsWords(app.access_lengths_seconds)],
            ['Category', app.category ?? 'None'],
            ['Name for programs', <code key="slug">{app.app_id}</code>],
          ]}
        />
      </Card>
    </div>
  )
}
