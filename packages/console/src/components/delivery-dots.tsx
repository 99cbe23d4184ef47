import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import classes from './delivery-dots.module.css'

type Recent = WebhookRead['recent_deliveries'][number]

function Dot({ delivery, x }: { delivery: Recent; x: number }) {
  const test = delivery.test ? true : undefined
  if (delivery.status === 'succeeded')
    return <circle className={classes.good} data-test={test} cx={x} cy={8} r={4} />
  if (delivery.status === 'failed') {
    return <path className={classes.bad} data-test={test} d={`M${x} 3l5 5-5 5-5-5z`} />
  }
  return <circle className={classes.busy} cx={x} cy={8} r={3.5} />
}

function sentence(deliveries: readonly Recent[]): string {
  const failed = deliveries.filter(({ status }) => status === 'failed').length
  const last = deliveries[0]
  return `Last ${deliveries.length}: ${failed} failed. The newest ${last?.status ?? 'unknown'}${last?.test ? ' (a test)' : ''}.`
}

/** The last ten outcomes, newest at the right: round for succeeded, a diamond for failed, pale for tests. */
export function DeliveryDots({ deliveries }: { deliveries: readonly Recent[] }) {
  if (deliveries.length === 0) return <span className={classes.none}>Not called yet</span>
  const oldestFirst = deliveries.slice(0, 10).reverse()
  const width = oldestFirst.length * 13
  return (
    <svg className={classes.dots} width={width} height={16} viewBox={`0 0 ${width} 16`} role="img">
      <title>{sentence(deliveries)}</title>
      {oldestFirst.map((delivery, index) => (
        <Dot key={delivery.id} delivery={delivery} x={index * 13 + 6} />
      ))}
    </svg>
  )
}
