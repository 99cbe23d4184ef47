import type { ChainRead } from '@keyhook/contract/api/chain.ts'
import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { api } from '../api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import classes from './chain-webhook.module.css'

type WebhookRef = ChainRead['steps'][number]['parts'][number]['webhooks'][number]

/** A webhook in the picture: its name, whether it is disabled, and when it is called. Its page is for administrators. */
export function ChainWebhook({ webhook: { id, name, enabled, condition } }: { webhook: WebhookRef }) {
  const { role } = useRead(api.me())
  const Icon = enabled ? IconPlugConnected : IconPlugConnectedX
  const content = (
    <>
      <Icon size={15} stroke={1.9} aria-hidden="true" />
      <span>{name}</span>
      {!enabled && <span className={classes.state}>Disabled</span>}
    </>
  )
  return (
    <span className={classes.webhook}>
      {role === 'admin' ? (
        <Link to={pb.webhook(id)} className={classes.chip ?? ''} data-disabled={!enabled || undefined}>
          {content}
        </Link>
      ) : (
        <span className={classes.chip} data-disabled={!enabled || undefined}>
          {content}
        </span>
      )}
      {condition !== null && (
        <span className={classes.condition}>
          when <code>{condition}</code>
        </span>
      )}
    </span>
  )
}
