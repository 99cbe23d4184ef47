import type { ApprovalStep } from '@keyhook/contract/api/app.ts'
import { describe, expect, test } from 'vitest'
import { type Approvers, planApproval } from '../../src/access/approvers.ts'

const manager: ApprovalStep = { type: 'manager', principal_ids: [], mode: 'any' }
const appAdmins: ApprovalStep = { type: 'app_admins', principal_ids: [], mode: 'any' }
const named = (ids: string[], mode: 'any' | 'all' = 'any'): ApprovalStep => ({
  type: 'named',
  principal_ids: ids,
  mode,
})

const known = (more: Partial<Approvers> = {}): Approvers => ({
  requesterId: 'usr_req',
  targetId: 'usr_target',
  managerId: 'usr_boss',
  appAdminIds: ['usr_admin', 'grp_admins'],
  active: new Set(['usr_req', 'usr_target', 'usr_boss', 'usr_admin', 'usr_a', 'usr_b']),
  members: new Map([
    ['grp_admins', ['usr_admin']],
    ['grp_ab', ['usr_a', 'usr_b', 'usr_left']],
    ['grp_own', ['usr_req', 'usr_target']],
    ['grp_empty', []],
  ]),
  ...more,
})
const plan = (step: ApprovalStep, more: Partial<Approvers> = {}) => planApproval([step], known(more))[0]
const asked = (approverIds: string[], mode: 'any' | 'all' = 'any') => ({ approverIds, mode, fallback: null })

describe('who is asked', () => {
  test.each<[string, ApprovalStep, string[]]>([
    ['the manager of the target user', manager, ['usr_boss']],
    ['the app admins, groups as such', appAdmins, ['usr_admin', 'grp_admins']],
    ['those who are named, each once', named(['usr_a', 'grp_ab', 'usr_a']), ['usr_a', 'grp_ab']],
    ['of those who are named the ones who can decide', named(['usr_left', 'usr_b', 'usr_gone']), ['usr_b']],
    ['a group in which somebody can decide', named(['grp_own', 'grp_empty', 'grp_ab']), ['grp_ab']],
  ])('%s', (_what, step, ids) => expect(plan(step)).toEqual(asked(ids)))

  test('all: each person by name, without those who cannot decide', () => {
    expect(plan(named(['grp_ab', 'usr_a', 'usr_boss'], 'all'))).toEqual(
      asked(['usr_a', 'usr_b', 'usr_boss'], 'all'),
    )
  })

  test('neither the requester nor the target user', () => {
    expect(plan(named(['usr_req', 'usr_target', 'usr_a']))).toEqual(asked(['usr_a']))
  })

  test('every step of the chain, in order', () => {
    expect(planApproval([manager, named(['usr_a'])], known())).toEqual([
      asked(['usr_boss']),
      asked(['usr_a']),
    ])
    expect(planApproval([], known())).toEqual([])
  })
})

describe('when nobody of a step can decide, the app admins do, else the administrators, and the step says so', () => {
  const admins = ' The app admins decide instead.'
  const administrators = ' The administrators decide instead.'
  const noAdmins = { appAdminIds: [] }
  test.each<[string, ApprovalStep, Partial<Approvers>, string]>([
    ['no manager', manager, { managerId: null }, `The manager cannot decide: there is none.${admins}`],
    [
      'a manager who left',
      manager,
      { managerId: 'usr_left' },
      `The manager cannot decide: they are not active any more.${admins}`,
    ],
    [
      'a manager who asks themself',
      manager,
      { managerId: 'usr_req' },
      `The manager cannot decide: it is their own request.${admins}`,
    ],
    [
      'people who left',
      named(['usr_left', 'grp_empty'], 'all'),
      {},
      `Those who were named cannot decide: they are not active any more.${admins}`,
    ],
    [
      'a manager who left, and no app admins',
      manager,
      { ...noAdmins, managerId: 'usr_left' },
      `The manager cannot decide: they are not active any more.${administrators}`,
    ],
    [
      'an app without app admins',
      appAdmins,
      noAdmins,
      `The app admins cannot decide: there are none.${administrators}`,
    ],
    [
      'an app admin who asks themself',
      appAdmins,
      { appAdminIds: ['usr_req'] },
      `The app admins cannot decide: it is their own request.${administrators}`,
    ],
  ])('%s', (_what, step, more, fallback) => {
    const approverIds = fallback.endsWith(admins) ? ['usr_admin', 'grp_admins'] : ['administrators']
    expect(plan(step, more)).toEqual({ approverIds, mode: 'any', fallback })
  })
})
