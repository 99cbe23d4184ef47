import type { AppRead } from '@keyhook/contract/api/app.ts'
import { Button, Tabs } from '@mantine/core'
import { IconArchive, IconPencil, IconPlayerPlay, IconUsers } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { api } from '../api.ts'
import { appApi } from '../app-api.ts'
import { AppFacts } from '../components/app-facts.tsx'
import { AppOverview } from '../components/app-overview.tsx'
import { AppPermissions } from '../components/app-permissions.tsx'
import { AppRules } from '../components/app-rules.tsx'
import { useId, useSearchAs } from '../components/search-params.ts'
import { useAppActions } from '../components/use-app-actions.tsx'
import { IntakeForm } from '../forms/intake-form.tsx'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { AppIcon } from '../ui/app-icon.tsx'
import { Card } from '../ui/card.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pill } from '../ui/pill.tsx'
import classes from './app.module.css'
import { type AppTab, appTabSearch } from './app-search.ts'

const tabs: readonly { value: AppTab; label: string }[] = [
  { value: 'overview', label: 'Overview' },
  { value: 'permissions', label: 'Permissions' },
  { value: 'rules', label: 'Pre-approval' },
  { value: 'intake', label: 'Intake fields' },
  { value: 'settings', label: 'Settings' },
]

function Actions({ app }: { app: AppRead }) {
  const { role } = useRead(api.me())
  const { archive } = useAppActions(app)
  return (
    <>
      {!app.archived && (
        <ButtonLink to={pb.appSimulate(app.id)} leftSection={<IconPlayerPlay size={16} />}>
          Simulate
        </ButtonLink>
      )}
      <ButtonLink
        variant="default"
        to={pb.grants()}
        search={{ app_id: app.id }}
        leftSection={<IconUsers size={16} />}
      >
        Who has access
      </ButtonLink>
      {!app.archived && (
        <ButtonLink variant="default" to={pb.appEdit(app.id)} leftSection={<IconPencil size={16} />}>
          Edit
        </ButtonLink>
      )}
      {!app.archived && role === 'admin' && (
        <Button variant="default" c="var(--bad)" onClick={archive} leftSection={<IconArchive size={16} />}>
          Archive
        </Button>
      )}
    </>
  )
}

export function AppPage() {
  const id = useId()
  const router = useRouter()
  const { tab = 'overview' } = useSearchAs(appTabSearch)
  const app = useRead(appApi.appView(id))

  return (
    <>
      <PageHeader
        title={app.name}
        icon={<AppIcon name={app.name} icon={app.icon} />}
        badge={app.archived && <Pill tone="quiet">Archived</Pill>}
        lead={app.description ?? undefined}
        back={<TextLink to={pb.apps()}>← Apps</TextLink>}
        actions={<Actions app={app} />}
      />
      <div className={classes.stack}>
        {app.archived && (
          <Notice tone="warn" title="This app is archived.">
            Nobody can request it. Access that people have stays until it ends.
          </Notice>
        )}
        <Tabs
          value={tab}
          onChange={(value) =>
            void router.navigate({
              to: pb.app(id),
              search: appTabSearch({ tab: value === 'overview' ? undefined : value }),
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
          <Tabs.Panel value="overview">
            <AppOverview app={app} />
          </Tabs.Panel>
          <Tabs.Panel value="permissions">
            <AppPermissions app={app} />
          </Tabs.Panel>
          <Tabs.Panel value="rules">
            <AppRules app={app} />
          </Tabs.Panel>
          <Tabs.Panel value="intake">
            <IntakeForm app={app} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <Card title="Settings">
              <AppFacts app={app} />
            </Card>
          </Tabs.Panel>
        </Tabs>
      </div>
    </>
  )
}
