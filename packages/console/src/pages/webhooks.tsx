import { Button } from '@mantine/core'
import { IconPlugConnected, IconPlus } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { api } from '../api.ts'
import { Pager } from '../components/pager.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { TypeFilter } from '../components/type-filter.tsx'
import { WebhookTable } from '../components/webhook-table.tsx'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { webhookSearch } from './webhook-search.ts'

const refreshMs = 10_000

function AddWebhook() {
  const router = useRouter()
  return (
    <Button
      leftSection={<IconPlus size={17} />}
      onClick={() => void router.navigate({ to: pb.webhookNew() })}
    >
      Add webhook
    </Button>
  )
}

function NoWebhooks() {
  const { sandbox } = useRead(api.serverView())
  return (
    <Card>
      <EmptyState
        icon={<IconPlugConnected size={28} />}
        title="No webhooks yet"
        actions={
          <>
            <AddWebhook />
            {sandbox && (
              <ButtonLink variant="default" to={pb.sandbox()}>
                Look at the sandbox
              </ButtonLink>
            )}
          </>
        }
      >
        A webhook lets your own script decide about an access request, or do the work when access is given and
        taken away.{' '}
        {sandbox &&
          'Without a script at hand, the sandbox is a built-in receiver that answers as you choose.'}
      </EmptyState>
    </Card>
  )
}

export function WebhooksPage() {
  const search = useSearchAs(webhookSearch)
  const page = useRead(api.webhookList(search), refreshMs)
  const filtered = search.type !== undefined || search.cursor !== undefined
  const none = page.data.length === 0 && !filtered

  return (
    <>
      <PageHeader
        title="Webhooks"
        lead="Your scripts in the life of an access request."
        actions={none ? undefined : <AddWebhook />}
      />
      {none ? (
        <NoWebhooks />
      ) : (
        <Card flush>
          <TypeFilter value={search.type} />
          {page.data.length === 0 ? (
            <EmptyState icon={<IconPlugConnected size={28} />} title="None of this type">
              Choose another type above, or add a webhook.
            </EmptyState>
          ) : (
            <WebhookTable webhooks={page.data} />
          )}
          <Pager
            cursor={search.cursor}
            next={page.next_cursor}
            newestLabel="First page"
            olderLabel="Next page"
          />
        </Card>
      )}
    </>
  )
}
