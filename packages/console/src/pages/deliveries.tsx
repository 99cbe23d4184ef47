import { IconSend } from '@tabler/icons-react'
import { api } from '../api.ts'
import { BulkRetry } from '../components/bulk-retry.tsx'
import { DeliveryFilters } from '../components/delivery-filters.tsx'
import { DeliveryTable } from '../components/delivery-table.tsx'
import { Pager } from '../components/pager.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { deliveryListOf, deliverySearch, statusLabels } from './delivery-search.ts'

// Older pages do not change while they are read.
const refreshMs = 3_000
const statuses = Object.entries(statusLabels).map(([value, label]) => ({ value, label }))

export function DeliveriesPage() {
  const search = useSearchAs(deliverySearch)
  const page = useRead(deliveryListOf(search), search.cursor ? undefined : refreshMs)
  const webhooks = useRead(api.webhookList({ limit: 200 }))
  const filtered = Object.values(search).some((value) => value !== undefined)

  return (
    <>
      <PageHeader
        title="Deliveries"
        lead="Every call of a webhook: what was sent, what came back, and how it was read. Newest first."
        actions={<BulkRetry search={search} />}
      />
      <Card flush>
        <DeliveryFilters search={search} webhooks={webhooks.data} statuses={statuses} />
        {page.data.length === 0 ? (
          <EmptyState
            icon={<IconSend size={28} />}
            title={filtered ? 'No delivery matches' : 'No deliveries yet'}
            actions={
              filtered ? (
                <ButtonLink variant="default" to={pb.deliveries()} search={{}}>
                  Show all deliveries
                </ButtonLink>
              ) : (
                <ButtonLink to={pb.webhooks()}>Go to Webhooks</ButtonLink>
              )
            }
          >
            {filtered
              ? 'Loosen a filter to see more.'
              : 'Test a webhook, and its delivery is the first one here.'}
          </EmptyState>
        ) : (
          <DeliveryTable deliveries={page.data} />
        )}
        <Pager cursor={search.cursor} next={page.next_cursor} newestLabel="Newest" olderLabel="Older" />
      </Card>
    </>
  )
}
