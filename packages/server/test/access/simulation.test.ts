import { describe, expect, test } from 'vitest'
import { permissionsOf, planRules, planUnits, planValidation } from '../../src/access/request-plans.ts'
import type { PlannedStep, Verdict } from '../../src/access/request-state.ts'
import { type World, walk } from '../../src/access/simulation.ts'
import { told } from '../../src/access/simulation-words.ts'
import { createConditions } from '../../src/conditions/conditions.ts'
import { idOf, setupOf } from './setup-of.ts'

const wh = (digits: string) => idOf('wh', digits)
const draft = { permissionIds: ['read', 'write'], accessLengthSeconds: 3_600, extension: false }
const ada: PlannedStep = { approverIds: ['usr_ada'], mode: 'any', fallback: null }

type Given = {
  setup?: Parameters<typeof setupOf>[0]
  /** What each webhook says; yes when it is not here. */
  says?: Record<string, Verdict['kind']>
  approval?: PlannedStep[]
}

/** A walk in which every webhook is told as `kind webhook: verdict`. */
async function walked({ setup = {}, says = {}, approval = [] }: Given) {
  const all = setupOf({ permissions: { read: { label: 'Read' }, write: { label: 'Write' } }, ...setup })
  const facts = { targetId: 'usr_1', targetGroupIds: [], ...draft, payload: {} }
  const world: World = {
    validation: planValidation(all, draft.permissionIds),
    rules: planRules(all, facts, createConditions()),
    approval,
    units: (effect) => planUnits(all, effect, () => false),
    ask: async (kind, { webhookId }) => {
      const verdict = says[webhookId] ?? 'yes'
      const failureReason = verdict === 'failed' ? ('timeout' as const) : null
      return {
        verdict: { kind: verdict, message: null, failureReason, deliveryId: null },
        step: told('intake', `${kind} ${webhookId.at(-1)}: ${verdict}`),
      }
    },
    names: {
      principal: (id) => (id === 'usr_ada' ? 'Ada' : id),
      permission: (id) => permissionsOf(all, [id])[0]?.label ?? id,
      disabledRules: all.rules.filter(({ enabled }) => !enabled).map(({ name }) => name),
      taskGetters: 'The app admins (Ada)',
    },
  }
  const { result, steps } = await walk(draft, world)
  return { result, steps, texts: steps.map(({ text }) => text) }
}

const ends = [
  'The access ends after 1 hour.',
  'The app admins (Ada) get a task to remove Read by hand. No webhook does it.',
  'The app admins (Ada) get a task to remove Write by hand. No webhook does it.',
]
const byHand = [
  'The app admins (Ada) get a task to give Read by hand. No webhook does it.',
  'The app admins (Ada) get a task to give Write by hand. No webhook does it.',
]

test('an app that is not set up at all: nobody is asked, and people do everything by hand', async () => {
  const { result, texts } = await walked({})
  expect(result).toBe('approved')
  expect(texts).toEqual(['No webhook checks this request.', ...byHand, ...ends])
})

describe('validation', () => {
  const setup = {
    app: { webhooks: { request_validation: { webhook_id: wh('1') } } },
    permissions: {
      read: {
        label: 'Read',
        webhooks: { request_validation: { webhook_id: wh('2'), failure_policy: 'continue' } },
      },
      write: { label: 'Write' },
    },
  }

  test('every webhook is told, and a refusal ends the walk', async () => {
    const { result, texts } = await walked({ setup, says: { [wh('1')]: 'no' } })
    expect(result).toBe('rejected')
    expect(texts).toEqual([
      'request_validation 1: no',
      'request_validation 2: yes',
      'The request is refused.',
    ])
  })

  test.each<[string, Verdict['kind'], string]>([
    ['1', 'failed', 'rejected'],
    ['2', 'failed', 'approved'],
    ['1', 'skipped', 'approved'],
    ['2', 'no', 'rejected'],
  ])('webhook %s: %s, so the request is %s', async (digits, kind, result) => {
    expect((await walked({ setup, says: { [wh(digits)]: kind } })).result).toBe(result)
  })
})

describe('pre-approval', () => {
  const rules = {
    Off: { enabled: false },
    Others: { user_ids: [idOf('usr', '9')] },
    Asks: { webhook_ids: [wh('1'), wh('2')] },
    All: { business_justification: 'Low risk' },
    Later: {},
  }

  test('each rule says why it does not hold; those after the one that holds are not tried', async () => {
    const { result, texts } = await walked({ setup: { rules }, says: { [wh('1')]: 'no' }, approval: [ada] })
    expect(result).toBe('pre_approved')
    expect(texts.slice(1, 8)).toEqual([
      '“Off” is disabled.',
      '“Others” does not hold. It is for other people.',
      'pre_approval 1: no',
      'pre_approval 2: yes',
      '“Asks” does not hold. Its webhook said no.',
      '“All” holds: the request is pre-approved. The log says: Low risk',
      '“Later” is not tried: a rule before it holds.',
    ])
    expect(texts.some((text) => text.includes('Ada must approve'))).toBe(false)
  })

  test('a webhook that fails refuses the request where the rule says so', async () => {
    const strict = { Strict: { webhook_ids: [wh('1')], failure_policy: 'refuse' } }
    const { result, texts } = await walked({ setup: { rules: strict }, says: { [wh('1')]: 'failed' } })
    expect(result).toBe('rejected')
    expect(texts).toEqual([
      'No webhook checks this request.',
      'pre_approval 1: failed',
      'The request is refused.',
    ])
  })
})

test('approval: each step with who decides, and why others decide than the chain says', async () => {
  const both: PlannedStep = { approverIds: ['usr_ada', 'Bob'], mode: 'all', fallback: null }
  const other = {
    ...ada,
    fallback: 'The manager cannot decide: there is none. The app admins decide instead.',
  }
  const { result, texts } = await walked({ approval: [both, other] })
  expect(result).toBe('needs_approval')
  expect(texts.slice(1, 3)).toEqual([
    'Step 1 of 2: Ada and Bob must approve.',
    'Step 2 of 2: Ada must approve. The manager cannot decide: there is none. The app admins decide instead.',
  ])
})

describe('provisioning and deprovisioning', () => {
  const setup = {
    app: { webhooks: { provisioning: { webhook_id: wh('1') }, deprovisioning: { webhook_id: wh('2') } } },
    permissions: {
      read: { label: 'Read' },
      write: { label: 'Write', webhooks: { provisioning: { webhook_id: wh('3') } } },
    },
  }

  test('each unit has its webhook, and the end of the access is walked too', async () => {
    expect((await walked({ setup })).texts).toEqual([
      'No webhook checks this request.',
      'provisioning 1: yes',
      'provisioning 3: yes',
      'The access ends after 1 hour.',
      'deprovisioning 2: yes',
    ])
  })

  test("what fails becomes a task; what is skipped goes on to the app's webhook", async () => {
    const says = { [wh('1')]: 'failed', [wh('3')]: 'skipped', [wh('2')]: 'no' } as const
    expect((await walked({ setup, says })).texts).toEqual([
      'No webhook checks this request.',
      'provisioning 1: failed',
      'provisioning 3: skipped',
      'The app admins (Ada) get a task to give Read by hand. The webhook failed.',
      'provisioning 1: failed',
      'The app admins (Ada) get a task to give Write by hand. The webhook failed.',
      'The access ends after 1 hour.',
      'deprovisioning 2: no',
      'The app admins (Ada) get a task to remove Read by hand. The webhook said no.',
      'The app admins (Ada) get a task to remove Write by hand. The webhook said no.',
    ])
  })
})
