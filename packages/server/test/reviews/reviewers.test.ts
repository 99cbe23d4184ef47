import { describe, expect, test } from 'vitest'
import { type ReviewerFacts, reviewersOf } from '../../src/reviews/reviewers.ts'

const facts = (more: Partial<ReviewerFacts>): ReviewerFacts => ({
  managers: new Map(),
  appAdmins: new Map(),
  people: new Map(),
  ...more,
})
const reviewed = { userId: 'usr_1', appId: 'app_1' }
const manager = { type: 'manager' as const, principal_ids: [] }
const appAdmins = { type: 'app_admins' as const, principal_ids: [] }
const named = (...principal_ids: string[]) => ({ type: 'named' as const, principal_ids })
const people = (...ids: string[]) => new Map(ids.map((id) => [id, [id]]))

describe('who is asked about access', () => {
  test('the manager of the person', () => {
    const known = facts({ managers: new Map([['usr_1', 'usr_2']]), people: people('usr_2') })
    expect(reviewersOf(manager, reviewed, known)).toEqual({ principalIds: ['usr_2'], fallback: null })
  })

  test('the app admins as such, so that later ones are asked too', () => {
    const known = facts({ appAdmins: new Map([['app_1', ['usr_2', 'grp_1']]]), people: people('usr_2') })
    expect(reviewersOf(appAdmins, reviewed, known)).toEqual({ principalIds: ['app_1'], fallback: null })
  })

  test('of those who are named, the ones of whom somebody can decide', () => {
    const known = facts({ people: new Map([['grp_1', ['usr_1', 'usr_5']]]) })
    expect(reviewersOf(named('grp_1', 'usr_9', 'grp_1'), reviewed, known)).toEqual({
      principalIds: ['grp_1'],
      fallback: null,
    })
  })
})

describe('when nobody of them can decide', () => {
  const admins = { appAdmins: new Map([['app_1', ['usr_3']]]), people: people('usr_3') }
  test.each([
    ['there is no manager', manager, {}, 'The manager cannot review it: there is none.'],
    [
      'the manager is the person themself',
      manager,
      { managers: new Map([['usr_1', 'usr_1']]) },
      'The manager cannot review it: it is their own access.',
    ],
    [
      'the manager is not active',
      manager,
      { managers: new Map([['usr_1', 'usr_2']]) },
      'The manager cannot review it: nobody of them is active, or it is their own access.',
    ],
    [
      'a group holds nobody but the person',
      named('grp_1'),
      { people: new Map([...people('usr_3'), ['grp_1', ['usr_1']]]) },
      'Those who were named cannot review it: nobody of them is active, or it is their own access.',
    ],
  ])('%s: the app admins are asked, and it says so', (_title, setting, more, why) => {
    expect(reviewersOf(setting, reviewed, facts({ ...admins, ...more }))).toEqual({
      principalIds: ['app_1'],
      fallback: `${why} The app admins are asked instead.`,
    })
  })

  test('and no app admin either: the administrators are', () => {
    const own = facts({ appAdmins: new Map([['app_1', ['usr_1']]]), people: people('usr_1') })
    expect(reviewersOf(manager, reviewed, own)).toEqual({
      principalIds: ['administrators'],
      fallback: 'The manager cannot review it: there is none. The administrators are asked instead.',
    })
    expect(reviewersOf(appAdmins, reviewed, own).fallback).toBe(
      'The app admins cannot review it: it is their own access. The administrators are asked instead.',
    )
  })
})
