/** The webhooks of an app in the picture of its chain, and what is wrong with them. Pure. */
import type { ChainPart, ChainStep, WebhookRef } from '@keyhook/contract/api/chain.ts'
import type { AppSetup } from '../apps/app-store.ts'
import { planApproval } from './approvers.ts'
import type { ChainFacts } from './chain-facts.ts'
import { listed } from './chain-words.ts'

/** What comes of it when a webhook cannot be asked. */
export type Consequences =
  | 'requests are refused'
  | 'requests go on unchecked'
  | 'the rule never holds'
  | 'a person has to do it each time'

/** Webhooks by their ids, and what is wrong when one is disabled or gone. */
export function attachedIn(
  ids: readonly string[],
  { webhooks }: ChainFacts,
  consequences: Consequences,
): Pick<ChainPart, 'webhooks' | 'problem'> {
  const found = ids.map((id): WebhookRef | undefined => webhooks.get(id))
  const gone = found.includes(undefined)
  const disabled = found
    .filter((webhook) => webhook?.enabled === false)
    .map((webhook) => `“${webhook?.name}”`)
  const problem = gone
    ? `A webhook was deleted, so ${consequences}.`
    : disabled.length > 0
      ? `${listed(disabled)} ${disabled.length === 1 ? 'is' : 'are'} disabled, so ${consequences}.`
      : null
  return { webhooks: found.filter((webhook) => webhook !== undefined), problem }
}

export function validationStep({ app, permissions }: AppSetup, facts: ChainFacts): ChainStep {
  const places = [
    { label: 'Every request', attached: app.settings.webhooks.request_validation },
    ...permissions
      .filter(({ archived_at }) => archived_at === null)
      .map(({ label, webhooks }) => ({
        label: `Requests for ${label}`,
        attached: webhooks.request_validation,
      })),
  ]
  const parts = places.flatMap(({ label, attached }): ChainPart[] => {
    if (attached === null) return []
    const refuses = attached.failure_policy === 'refuse'
    const text = refuses ? 'When it fails, the request is refused.' : 'When it fails, the request goes on.'
    const consequences = refuses ? 'requests are refused' : 'requests go on unchecked'
    return [{ label, text, ...attachedIn([attached.webhook_id], facts, consequences) }]
  })
  return {
    kind: 'validation',
    title: 'Request validation',
    text:
      parts.length === 0
        ? 'No webhook checks the request.'
        : 'All are asked at the same time. One refusal refuses the request; the requester reads the messages and can correct it.',
    parts,
  }
}

const directions = {
  provisioning: {
    title: 'Provisioning',
    by: 'Access is given by the webhook of the permission, else by that of the app.',
    hand: 'Access is given by hand.',
  },
  deprovisioning: {
    title: 'Deprovisioning',
    by: 'When access ends, it is removed by the webhook of the permission, else by that of the app.',
    hand: 'When access ends, it is removed by hand.',
  },
} as const

export function permissionStep(
  { app, permissions }: AppSetup,
  facts: ChainFacts,
  kind: keyof typeof directions,
): ChainStep {
  const { title, by, hand } = directions[kind]
  const live = permissions.filter(({ archived_at }) => archived_at === null)
  const own = live.filter(({ webhooks }) => webhooks[kind] !== null)
  const part = (label: string, webhookId: string, otherwise: string): ChainPart => {
    const each = facts.oneEach.has(webhookId) ? 'one delivery for each permission' : 'one delivery for all'
    const conditional = (facts.webhooks.get(webhookId)?.condition ?? null) !== null
    return {
      label,
      text: `${each[0]?.toUpperCase()}${each.slice(1)}.${conditional ? ` When its condition does not hold, ${otherwise}.` : ''}`,
      ...attachedIn([webhookId], facts, 'a person has to do it each time'),
    }
  }
  const general = app.settings.webhooks[kind]?.webhook_id ?? null
  const task = 'the app admins get a task'
  const parts = own.map(({ label, webhooks }) =>
    part(
      label,
      webhooks[kind]?.webhook_id ?? '',
      general === null ? task : 'the webhook of the app is asked',
    ),
  )
  const rest = own.length === 0 ? 'All permissions' : 'Other permissions'
  if (general !== null) parts.push(part(rest, general, task))
  else if (parts.length > 0 && own.length < live.length)
    parts.push({ label: rest, text: 'The app admins get a task.', webhooks: [], problem: null })
  const text =
    parts.length === 0 ? `${hand} The app admins get a task.` : `${by} When it fails or says no, ${task}.`
  return { kind, title, text, parts: [...parts, handPart(facts)] }
}

/** Who gets the tasks. */
function handPart({ approvers, principals }: ChainFacts): ChainPart {
  const names = approvers.appAdminIds.flatMap((id) => principals.get(id)?.name ?? [])
  const fallback = planApproval([{ type: 'app_admins', principal_ids: [], mode: 'any' }], approvers)[0]
    ?.fallback
  return {
    label: 'By hand',
    text: names.length === 0 ? 'Tasks go to the app admins.' : `Tasks go to ${listed(names)}.`,
    webhooks: [],
    problem: fallback ? 'The app has no active app admins: the administrators get its tasks.' : null,
  }
}
