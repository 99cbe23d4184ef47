import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { appActions, appApi } from '../app-api.ts'
import { useId } from '../components/search-params.ts'
import { AppForm } from '../forms/app-form.tsx'
import { appChangeOf, savedAppValues } from '../forms/app-values.ts'
import { pb } from '../path-builder.ts'
import { invalidate, useRead, useTaggedRead } from '../query.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toast.ts'

function EditForm({ id, startAgain }: { id: string; startAgain: () => void }) {
  const router = useRouter()
  const { role } = useRead(api.me())
  // The version that the form started from. A later one would hide that somebody else changed it meanwhile.
  const latest = useTaggedRead(appApi.appView(id))
  const [{ value: app, etag }] = useState(latest)
  const [start] = useState(() => savedAppValues(app))
  const admin = role === 'admin'

  return (
    <>
      <PageHeader title={`Edit ${app.name}`} back={<TextLink to={pb.app(id)}>← {app.name}</TextLink>} />
      <AppForm
        start={start}
        isNew={false}
        admin={admin}
        save={async (values) => {
          await appActions.appChange(id, appChangeOf(values, admin), etag)
          await invalidate('/apps')
          await router.navigate({ to: pb.app(id) })
          toast('Your changes are saved.')
        }}
        startAgain={startAgain}
        cancel={
          <ButtonLink variant="default" to={pb.app(id)}>
            Cancel
          </ButtonLink>
        }
      />
    </>
  )
}

export function AppEditPage() {
  const id = useId()
  const [round, setRound] = useState(0)

  async function startAgain() {
    await invalidate('/apps')
    setRound(round + 1)
  }

  return <EditForm key={`${id} ${round}`} id={id} startAgain={() => void startAgain()} />
}
