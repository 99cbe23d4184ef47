import { api } from '../api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { TextLink } from '../ui/links.tsx'
import { DeliveryTable } from './delivery-table.tsx'
import classes from './webhook-recent.module.css'

const refreshMs = 5_000

/** The last deliveries of a webhook. */
export function WebhookRecent({ id }: { id: string }) {
  const page = useRead(api.deliveryList({ webhook_id: id, limit: 25 }), refreshMs)
  return (
    <Card
      title="Last deliveries"
      flush
      aside={
        <TextLink to={pb.deliveries()} search={{ webhook_id: id }} size="sm">
          All deliveries
        </TextLink>
      }
    >
      {page.data.length === 0 ? (
        <p className={classes.none}>Nothing was sent yet. Test the webhook to see its first delivery here.</p>
      ) : (
        <DeliveryTable deliveries={page.data} withWebhook={false} />
      )}
    </Card>
  )
}
