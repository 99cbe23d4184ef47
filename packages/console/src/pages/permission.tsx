import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { appActions, appApi } from '../app-api.ts'
import { useId, useParam } from '../components/search-params.ts'
import { PermissionForm } from '../forms/permission-form.tsx'
import { permissionChangeOf, permissionMembers, permissionValuesOf } from '../forms/permission-values.ts'
import { pb } from '../path-builder.ts'
import { invalidate, useRead, useTaggedRead } from '../query.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toast.ts'

const tab = { tab: 'permissions' } as const

function useSaved(appId: string) {
  const router = useRouter()
  return async (message: string) => {
    await invalidate('/apps')
    await router.navigate({ to: pb.app(appId), search: tab })
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

export function PermissionNewPage() {
  const id = useId()
  const app = useRead(appApi.appView(id))
  const { role } = useRead(api.me())
  const saved = useSaved(id)
  const [start] = useState(() => permissionValuesOf(null))
  const admin = role === 'admin'
  return (
    <>
      <PageHeader
        title="Add permission"
        lead={`What a person can have in ${app.name}.`}
        back={
          <TextLink to={pb.app(id)} search={tab}>
            ← {app.name}
          </TextLink>
        }
      />
      <PermissionForm
        start={start}
        isNew
        mayAttach={admin}
        save={async (values) => {
          const { webhooks, ...others } = permissionMembers(values)
          const permission = await appActions.permissionCreate(id, admin ? { ...others, webhooks } : others)
          await saved(`${permission.label} is added.`)
        }}
        startAgain={null}
        cancel={<Cancel appId={id} />}
      />
    </>
  )
}

type EditProps = { appId: string; permissionId: string; startAgain: () => void }

function EditForm({ appId, permissionId, startAgain }: EditProps) {
  const app = useRead(appApi.appView(appId))
  const { role } = useRead(api.me())
  const saved = useSaved(appId)
  // The version that the form started from. A later one would hide that somebody else changed it meanwhile.
  const latest = useTaggedRead(appApi.permissionView(appId, permissionId))
  const [{ value: permission, etag }] = useState(latest)
  const [start] = useState(() => permissionValuesOf(permission))
  const admin = role === 'admin'
  return (
    <>
      <PageHeader
        title={permission.label}
        lead={`A permission of ${app.name}.`}
        back={
          <TextLink to={pb.app(appId)} search={tab}>
            ← {app.name}
          </TextLink>
        }
      />
      <PermissionForm
        start={start}
        isNew={false}
        mayAttach={admin}
        save={async (values) => {
          await appActions.permissionChange(appId, permissionId, permissionChangeOf(values, admin), etag)
          await saved('Your changes are saved.')
        }}
        startAgain={startAgain}
        cancel={<Cancel appId={appId} />}
      />
    </>
  )
}

export function PermissionPage() {
  const appId = useId()
  const permissionId = useParam('permissionId')
  const [round, setRound] = useState(0)

  async function startAgain() {
    await invalidate('/apps')
    setRound(round + 1)
  }

  return (
    <EditForm
      key={`${permissionId} ${round}`}
      appId={appId}
      permissionId={permissionId}
      startAgain={() => void startAgain()}
    />
  )
}
