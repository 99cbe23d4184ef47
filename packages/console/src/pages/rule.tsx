import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { appActions, appApi } from '../app-api.ts'
import { confirmAction } from '../components/confirm.tsx'
import { useId, useParam } from '../components/search-params.ts'
import { RuleForm } from '../forms/rule-form.tsx'
import { ruleMembers, ruleValuesOf } from '../forms/rule-values.ts'
import { pb } from '../path-builder.ts'
import { invalidate, useRead, useTaggedRead } from '../query.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toast.ts'

const tab = { tab: 'rules' } as const

function useSaved(appId: string) {
  const router = useRouter()
  return async (message: string) => {
    await router.navigate({ to: pb.app(appId), search: tab, ignoreBlocker: true })
    await invalidate('/apps')
    toast(message)
  }
}

function Cancel({ appId }: { appId: string }) {
  return (
    <ButtonLink variant="default" to={pb.app(appId)} search={tab}>
      Cancel
    </ButtonLink>
  )
}

export function RuleNewPage() {
  const id = useId()
  const app = useRead(appApi.appView(id))
  const permissions = useRead(appApi.permissionList(id))
  const saved = useSaved(id)
  const [start] = useState(() => ruleValuesOf(null))
  return (
    <>
      <PageHeader
        title="Add pre-approval rule"
        lead={`When access to ${app.name} is given without asking anybody.`}
        back={
          <TextLink to={pb.app(id)} search={tab}>
            ← {app.name}
          </TextLink>
        }
      />
      <RuleForm
        appId={id}
        start={start}
        isNew
        permissions={permissions.data}
        save={async (values) => {
          const rule = await appActions.ruleCreate(id, ruleMembers(values))
          await saved(`${rule.name} is added.`)
        }}
        startAgain={null}
        cancel={<Cancel appId={id} />}
      />
    </>
  )
}

type EditProps = { appId: string; ruleId: string; startAgain: () => void }

function EditForm({ appId, ruleId, startAgain }: EditProps) {
  const app = useRead(appApi.appView(appId))
  const permissions = useRead(appApi.permissionList(appId))
  const saved = useSaved(appId)
  // The version that the form started from. A later one would hide that somebody else changed it meanwhile.
  const latest = useTaggedRead(appApi.ruleView(appId, ruleId))
  const [{ value: rule, etag }] = useState(latest)
  const [start] = useState(() => ruleValuesOf(rule))

  function remove() {
    confirmAction({
      title: `Delete ${rule.name}?`,
      body: 'Requests that it pre-approved keep their access. Those that come later are looked at by the other rules, then by approvers.',
      confirmLabel: 'Delete rule',
      action: async () => {
        await appActions.ruleDelete(appId, ruleId)
        await saved(`${rule.name} is deleted.`)
      },
    })
  }

  return (
    <>
      <PageHeader
        title={rule.name}
        lead={`A pre-approval rule of ${app.name}.`}
        back={
          <TextLink to={pb.app(appId)} search={tab}>
            ← {app.name}
          </TextLink>
        }
        actions={
          <Button variant="default" c="var(--bad)" onClick={remove} leftSection={<IconTrash size={16} />}>
            Delete
          </Button>
        }
      />
      <RuleForm
        appId={appId}
        start={start}
        isNew={false}
        permissions={permissions.data}
        save={async (values) => {
          await appActions.ruleChange(appId, ruleId, ruleMembers(values), etag)
          await saved('Your changes are saved.')
        }}
        startAgain={startAgain}
        cancel={<Cancel appId={appId} />}
      />
    </>
  )
}

export function RulePage() {
  const appId = useId()
  const ruleId = useParam('ruleId')
  const [round, setRound] = useState(0)

  async function startAgain() {
    await invalidate('/apps')
    setRound(round + 1)
  }

  return (
    <EditForm key={`${ruleId} ${round}`} appId={appId} ruleId={ruleId} startAgain={() => void startAgain()} />
  )
}
