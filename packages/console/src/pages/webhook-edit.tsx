import { webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { actions, api } from '../api.ts'
import { useId } from '../components/search-params.ts'
import { WebhookForm } from '../forms/webhook-form.tsx'
import { changeOf, draftOf, savedWebhookValues } from '../forms/webhook-values.ts'
import { pb } from '../path-builder.ts'
import { invalidate, useRead, useTaggedRead } from '../query.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toast.ts'

function EditForm({ id, startAgain }: { id: string; startAgain: () => void }) {
  const router = useRouter()
  const server = useRead(api.serverView())
  // The version that the form started from. A later one would hide that somebody else changed it meanwhile.
  const latest = useTaggedRead(api.webhookView(id))
  const [{ value: webhook, etag }] = useState(latest)

  return (
    <>
      <PageHeader
        title={`Edit ${webhook.name}`}
        lead={`${webhookTypeTable[webhook.type].label}. It must answer: ${webhookTypeTable[webhook.type].mustAnswer}`}
        back={<TextLink to={pb.webhook(id)}>← {webhook.name}</TextLink>}
      />
      <WebhookForm
        type={webhook.type}
        start={savedWebhookValues(webhook)}
        saved={webhook}
        httpAllowed={server.endpoint_urls.http}
        save={async (values) => {
          await actions.webhookChange(id, changeOf(webhook.type, values), etag)
          await invalidate('/webhooks')
          await router.navigate({ to: pb.webhook(id) })
          toast('Your changes are saved.')
        }}
        test={(values, payload, signal) => {
          const webhookDraft = draftOf(webhook.type, values, webhook.enabled)
          const test = { webhook: webhookDraft, webhook_id: id, ...(payload ? { payload } : {}) }
          return actions.webhookTestUnsaved(test, signal)
        }}
        startAgain={startAgain}
        cancel={
          <ButtonLink variant="default" to={pb.webhook(id)}>
            Cancel
          </ButtonLink>
        }
      />
    </>
  )
}

export function WebhookEditPage() {
  const id = useId()
  const [round, setRound] = useState(0)

  async function startAgain() {
    await invalidate('/webhooks')
    setRound(round + 1)
  }

  return <EditForm key={`${id} ${round}`} id={id} startAgain={() => void startAgain()} />
}
