import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { appActions } from '../app-api.ts'
import { AppForm } from '../forms/app-form.tsx'
import { appMembers, newAppValues } from '../forms/app-values.ts'
import { pb } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toast.ts'

export function AppNewPage() {
  const router = useRouter()
  const [start] = useState(newAppValues)
  return (
    <>
      <PageHeader
        title="Add app"
        lead="A name is enough to begin with. What people can have in it, its permissions, comes next."
        back={<TextLink to={pb.apps()}>← Apps</TextLink>}
      />
      <AppForm
        start={start}
        isNew
        admin
        save={async (values) => {
          const app = await appActions.appCreate(appMembers(values))
          await invalidate('/apps')
          await router.navigate({ to: pb.app(app.id) })
          toast(`${app.name} is added.`)
        }}
        startAgain={null}
        cancel={
          <ButtonLink variant="default" to={pb.apps()}>
            Cancel
          </ButtonLink>
        }
      />
    </>
  )
}
