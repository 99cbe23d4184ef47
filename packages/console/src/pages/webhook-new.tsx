import { newSigningSecret } from '@keyhook/contract/signing-secret.ts'
import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { actions, api } from '../api.ts'
import { rememberSecret } from '../components/new-secret.ts'
import { useSearchAs } from '../components/search-params.ts'
import { TypeChoice } from '../components/type-choice.tsx'
import { WebhookForm } from '../forms/webhook-form.tsx'
import { copiedWebhookValues, draftOf, newWebhookValues } from '../forms/webhook-values.ts'
import { pb } from '../path-builder.ts'
import { invalidate, query, queryClient, useRead } from '../query.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toast.ts'
import { newWebhookSearch } from './new-webhook-search.ts'

/** The form's first values: a copy of `from`, which the loader has fetched, or an empty form. */
function startValues(from: string | undefined, endpoint_url: string | undefined) {
  const signing_secret = newSigningSecret()
  const original = from ? queryClient.getQueryData(query(api.webhookView(from)).queryKey) : undefined
  return original
    ? copiedWebhookValues(original.value, signing_secret)
    : newWebhookValues({ endpoint_url, signing_secret })
}

function NewWebhookForm({
  type,
  from,
  endpoint_url,
}: {
  type: WebhookType
  from?: string
  endpoint_url?: string
}) {
  const router = useRouter()
  const server = useRead(api.serverView())
  const [start] = useState(() => startValues(from, endpoint_url))
  return (
    <WebhookForm
      type={type}
      start={start}
      saved={null}
      httpAllowed={server.endpoint_urls.http}
      save={async (values) => {
        const webhook = await actions.webhookCreate(draftOf(type, values))
        rememberSecret(webhook.id, webhook.signing_secret)
        await invalidate('/webhooks')
        await router.navigate({ to: pb.webhook(webhook.id) })
        toast(`${webhook.name} is saved.`)
      }}
      test={(values, payload, signal) =>
        actions.webhookTestUnsaved(
          { webhook: draftOf(type, values), ...(payload ? { payload } : {}) },
          signal,
        )
      }
      startAgain={null}
      cancel={
        <ButtonLink variant="default" to={pb.webhooks()}>
          Cancel
        </ButtonLink>
      }
    />
  )
}

export function WebhookNewPage() {
  const { type, from, endpoint_url } = useSearchAs(newWebhookSearch)
  if (!type) {
    return (
      <>
        <PageHeader
          title="Add webhook"
          lead="What should your script do? The type says when it is called and what its answer means."
          back={<TextLink to={pb.webhooks()}>← Webhooks</TextLink>}
        />
        <TypeChoice />
      </>
    )
  }
  const { label, runs, mustAnswer } = webhookTypeTable[type]
  return (
    <>
      <PageHeader
        title={from ? `Duplicate webhook: ${label}` : `Add webhook: ${label}`}
        lead={`${runs} It must answer: ${mustAnswer}`}
        back={
          <TextLink to={pb.webhookNew()} search={{ endpoint_url }}>
            ← Choose another type
          </TextLink>
        }
      />
      <NewWebhookForm
        key={type}
        type={type}
        {...(from ? { from } : {})}
        {...(endpoint_url ? { endpoint_url } : {})}
      />
    </>
  )
}
