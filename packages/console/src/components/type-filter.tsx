import { type WebhookType, webhookTypes, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { Link } from '@tanstack/react-router'
import { pb } from '../path-builder.ts'
import classes from './type-filter.module.css'

/** Links that narrow the webhook list to one type. */
export function TypeFilter({ value }: { value: WebhookType | undefined }) {
  const choices = [undefined, ...webhookTypes]
  return (
    <nav aria-label="Types" className={classes.filter}>
      {choices.map((type) => (
        <Link
          key={type ?? 'all'}
          to={pb.webhooks()}
          search={{ type }}
          className={classes.choice ?? ''}
          data-current={type === value || undefined}
          {...(type === value ? { 'aria-current': 'true' as const } : {})}
        >
          {type ? webhookTypeTable[type].label : 'All'}
        </Link>
      ))}
    </nav>
  )
}
