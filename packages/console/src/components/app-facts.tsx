import type { AppRead, ApprovalStep, AttachedWebhooks } from '@keyhook/contract/api/app.ts'
import { api } from '../api.ts'
import { appApi } from '../app-api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Facts } from '../ui/facts.tsx'
import { TextLink } from '../ui/links.tsx'
import { Time } from '../ui/time.tsx'
import { lengthText } from './access-length.ts'
import classes from './app-facts.module.css'
import { lengthsWords } from './app-overview.tsx'
import { webhookNames } from './chain-words.ts'
import { PrincipalIdNames, PrincipalNames } from './principal-names.tsx'

const places = {
  request_validation: 'Request validation webhook',
  provisioning: 'Provisioning webhook',
  deprovisioning: 'Deprovisioning webhook',
} as const

/** The steps of an approval chain in words. */
export function ApprovalSteps({ steps }: { steps: readonly ApprovalStep[] }) {
  if (steps.length === 0) return 'Nobody is asked'
  return (
    <ol className={classes.steps}>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other identity.
        <li key={index}>
          {step.type === 'manager' && 'The manager of the person'}
          {step.type === 'app_admins' && (step.mode === 'all' ? 'All app admins' : 'One of the app admins')}
          {step.type === 'named' && (
            <>
              {step.principal_ids.length > 1 && (step.mode === 'all' ? 'All of ' : 'One of ')}
              <PrincipalIdNames ids={step.principal_ids} none="Nobody" />
            </>
          )}
        </li>
      ))}
    </ol>
  )
}

type WebhookProps = { attached: AttachedWebhooks[keyof AttachedWebhooks]; names: ReadonlyMap<string, string> }

function Webhook({ attached, names }: WebhookProps) {
  const { role } = useRead(api.me())
  if (!attached) return 'None'
  const { webhook_id, failure_policy } = attached
  const name = names.get(webhook_id) ?? 'A webhook that is not there any more'
  return (
    <>
      {role === 'admin' ? <TextLink to={pb.webhook(webhook_id)}>{name}</TextLink> : name}
      {failure_policy === 'continue' && ' (when it fails, the request goes on)'}
      {failure_policy === 'refuse' && ' (when it fails, the request is refused)'}
    </>
  )
}

/** All settings of an app. */
export function AppFacts({ app }: { app: AppRead }) {
  const { inactivity } = app
  const names = webhookNames(useRead(appApi.appChain(app.id)))
  return (
    <div className={classes.facts}>
      <Facts
        items={[
          ['Description', app.description ?? 'None'],
          ['Category', app.category ?? 'None'],
          ['Name for programs', <code key="slug">{app.app_id}</code>],
          ['Installation', <code key="instance">{app.instance_id}</code>],
          ['Owner', app.owner?.name ?? 'Nobody'],
          [
            'App admins',
            <PrincipalNames key="admins" principals={app.admin_refs} none="The administrators" />,
          ],
          [
            'Who may request it',
            app.visible_to === null ? (
              'Everyone'
            ) : (
              <PrincipalIdNames key="visible" ids={app.visible_to} none="Nobody" />
            ),
          ],
          ['For colleagues', app.request_for_others ? 'May be requested for others' : 'Only for oneself'],
          ['Access lengths', lengthsWords(app.access_lengths_seconds)],
          ['Approval', <ApprovalSteps key="steps" steps={app.approvers} />],
          [
            'Reminder',
            app.remind_after_seconds === null ? 'Never' : `After ${lengthText(app.remind_after_seconds)}`,
          ],
          [
            'Escalation to the app admins',
            app.escalate_after_seconds === null ? 'Never' : `After ${lengthText(app.escalate_after_seconds)}`,
          ],
          [
            'Access that is not used',
            inactivity
              ? `Notice after ${inactivity.after_days} days, removed ${inactivity.notice_days} days later`
              : 'Stays',
          ],
          ...(Object.keys(places) as (keyof typeof places)[]).map(
            (place) =>
              [places[place], <Webhook key={place} attached={app.webhooks[place]} names={names} />] as const,
          ),
          ['Created', <Time key="created" value={app.created_at} />],
          ['Changed', <Time key="changed" value={app.updated_at} />],
          ['Id', <code key="id">{app.id}</code>],
        ]}
      />
    </div>
  )
}
