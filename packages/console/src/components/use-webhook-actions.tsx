import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { useRouter } from '@tanstack/react-router'
import { actions } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { pb } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { toast, toastError } from '../ui/toast.ts'
import { confirmAction } from './confirm.tsx'

/** What can be done to a webhook from its page and from the list. */
export function useWebhookActions(webhook: WebhookRead) {
  const router = useRouter()
  const { id, name, enabled } = webhook

  async function toggle() {
    try {
      await actions.webhookChange(id, { enabled: !enabled })
      await invalidate('/webhooks')
      toast(
        enabled ? `${name} is disabled. Calls to it fail until it is enabled again.` : `${name} is enabled.`,
      )
    } catch (error) {
      toastError(sentenceOf(error))
    }
  }

  function remove() {
    confirmAction({
      title: 'Delete this webhook?',
      body: `${name} is no longer called. Its deliveries stay in the list. This cannot be undone.`,
      confirmLabel: 'Delete webhook',
      action: async () => {
        await actions.webhookDelete(id)
        await router.navigate({ to: pb.webhooks() })
        await invalidate('/webhooks?').then(() => invalidate('/webhooks'))
        toast(`${name} is deleted.`)
      },
    })
  }

  return {
    toggle: () => void toggle(),
    remove,
    edit: () => void router.navigate({ to: pb.webhookEdit(id) }),
    duplicate: () => void router.navigate({ to: pb.webhookNew(), search: { type: webhook.type, from: id } }),
  }
}
