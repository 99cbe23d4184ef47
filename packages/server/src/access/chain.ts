/** The picture of what runs when a request for an app comes, in order. Pure. */
import type { ChainPart, ChainStep } from '@keyhook/contract/api/chain.ts'
import type { AppSetup } from '../apps/app-store.ts'
import { approvalSteps, preApprovalStep } from './chain-decisions.ts'
import type { ChainFacts } from './chain-facts.ts'
import { permissionStep, validationStep } from './chain-webhooks.ts'
import { accessLengthText, fieldText, listed } from './chain-words.ts'

export function chainOf(setup: AppSetup, facts: ChainFacts): ChainStep[] {
  return [
    intakeStep(setup, facts),
    validationStep(setup, facts),
    preApprovalStep(setup, facts),
    approvalSteps(setup, facts),
    permissionStep(setup, facts, 'provisioning'),
    expiryStep(setup),
    permissionStep(setup, facts, 'deprovisioning'),
  ]
}

function intakeStep({ app, permissions }: AppSetup, { principals }: ChainFacts): ChainStep {
  const { intake_fields, visible_to, request_for_others } = app.settings
  const labels = permissions.filter(({ archived_at }) => archived_at === null).map(({ label }) => label)
  const count = intake_fields.length
  const questions = count === 0 ? '' : ` and answers ${count === 1 ? 'a question' : `${count} questions`}`
  const names = (visible_to ?? []).flatMap((id) => principals.get(id)?.name ?? [])
  const nobody = visible_to !== null && !visible_to.some((id) => principals.get(id)?.active)
  return {
    kind: 'intake',
    title: 'Request',
    text: `The requester chooses permissions and a length, gives a justification${questions}.`,
    parts: [
      {
        label: 'Who may ask',
        text: `${visible_to === null ? 'Everyone' : listed(names)}, ${request_for_others ? 'also for a colleague' : 'only for themself'}.`,
        webhooks: [],
        problem: nobody
          ? 'None of those who may ask is active: only app admins and administrators can.'
          : null,
      },
      {
        label: 'Permissions',
        text: labels.length === 0 ? '' : `${listed(labels)}.`,
        webhooks: [],
        problem: labels.length === 0 ? 'There are none yet, so nothing can be requested.' : null,
      },
      ...intake_fields.map(
        (field): ChainPart => ({ label: field.label, text: fieldText(field), webhooks: [], problem: null }),
      ),
    ],
  }
}

function expiryStep({ app }: AppSetup): ChainStep {
  const { access_lengths_seconds, inactivity } = app.settings
  const lengths = access_lengths_seconds.map(accessLengthText)
  const allowed = lengths.length === 0 ? 'any length' : listed(lengths, 'or')
  const unused = !inactivity
    ? []
    : [
        {
          label: 'Not used',
          text: `After ${days(inactivity.after_days)} without use the person is told; ${days(inactivity.notice_days)} later the access is removed.`,
          webhooks: [],
          problem: null,
        },
      ]
  return {
    kind: 'expiry',
    title: 'Active',
    text: `Access lasts as long as was asked for, and can be made longer before it ends. Allowed: ${allowed}.`,
    parts: unused,
  }
}

function days(count: number): string {
  return `${count} ${count === 1 ? 'day' : 'days'}`
}
