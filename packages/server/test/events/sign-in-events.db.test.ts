/** Who signs in and out, and who is refused, as the activity log tells it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ada, cookieOf, setUp, signIn, withCookie } from '../auth/administrator.ts'
import { startTestService, type TestService } from '../support/harness.ts'
import { makePerson, makeUser, type Person, password } from '../support/person.ts'
import { lastTold, testKeyActor, told } from './told.ts'

let service: TestService
let grace: Person
let now = Date.parse('2027-03-01T09:00:00Z')
const minutes = (count: number) => {
  now += count * 60_000
}
beforeAll(async () => {
  service = await startTestService({}, { clock: () => now })
  await setUp(service)
  grace = await makePerson(service, 'grace@example.com', { given_name: 'Grace', family_name: 'Hopper' })
})
afterAll(() => service.stop())

const agent = { 'user-agent': 'a browser' }
const nobody = { actor_type: 'UNKNOWN', actor_data: { email: '', given_name: '', family_name: '' } }
const adaData = {
  id: expect.stringMatching(/^usr_/),
  email: ada.email,
  given_name: 'Ada',
  family_name: 'Lovelace',
}

describe('signing in', () => {
  test('the first administrator is told by themselves', async () => {
    const [made, ...others] = await told(service, 'AUTH_CREATED_FIRST_ADMINISTRATOR')
    expect(others).toEqual([])
    expect(made).toMatchObject({
      event_type_user_friendly: 'First administrator created',
      actor: { actor_type: 'USER', actor_data: adaData },
      outcome: 'SUCCEEDED',
      targets: [{ target_type: 'USER', target_data: adaData }],
    })
  })

  test('is told with who, from where and with what', async () => {
    await signIn(service, {}, agent)
    expect(await lastTold(service, 'AUTH_SIGNED_IN')).toMatchObject({
      actor: { actor_type: 'USER', actor_data: adaData },
      targets: [{ target_type: 'USER', target_data: adaData }],
      outcome: 'SUCCEEDED',
      event_metadata: { ip: '127.0.0.1', user_agent: 'a browser' },
    })
  })

  test.each([
    ['the password is wrong', 'wrong_password', { password: 'wrong horse battery' }],
    ['nobody has the address', 'unknown_email', { email: 'Eve@Example.com' }],
    ['the user has no password yet', 'no_password', { email: 'invited@example.com' }],
    ['the user is deactivated', 'deactivated', { email: 'gone@example.com', password }],
  ])('that fails because %s is told with the reason', async (_what, reason, credentials) => {
    if (reason === 'no_password') await makeUser(service, 'invited@example.com')
    if (reason === 'deactivated') {
      const { id } = await makePerson(service, 'gone@example.com')
      await service.api('PATCH', `/users/${id}`, { status: 'inactive' })
    }
    expect((await signIn(service, credentials)).status).toBe(401)
    const email = ('email' in credentials ? credentials.email : ada.email).toLowerCase()
    expect(await lastTold(service, 'AUTH_SIGN_IN_FAILED')).toMatchObject({
      actor: nobody,
      outcome: 'FAILED',
      event_metadata: { reason, email, ip: '127.0.0.1', others: 0 },
      targets: reason === 'unknown_email' ? [] : [{ target_type: 'USER', target_data: { email } }],
    })
  })

  test('what was typed instead of an address is not kept: it may be a password', async () => {
    await signIn(service, { email: 'correct horse battery' })
    expect(await lastTold(service, 'AUTH_SIGN_IN_FAILED')).toMatchObject({
      event_metadata: { reason: 'unknown_email', email: null },
    })
  })

  test('many tries for one address are one entry a minute, with how many others there were', async () => {
    const tries = async () =>
      (await told(service, 'AUTH_SIGN_IN_FAILED')).filter(
        ({ event_metadata }) => event_metadata.email === 'mallory@example.com',
      )
    for (let count = 1; count <= 12; count++) await signIn(service, { email: 'mallory@example.com' })
    expect(await tries()).toHaveLength(1)
    minutes(2)
    await signIn(service, { email: 'mallory@example.com' })
    // Who is over the limit is answered before their try is told. One that is told late begins a minute of its own, and what
    // is counted in that is written when it is over, by a look every ten seconds.
    await expect
      .poll(
        async () => {
          minutes(2)
          return (await tries()).reduce(
            (sum, { event_metadata }) => sum + 1 + Number(event_metadata.others),
            0,
          )
        },
        { timeout: 40_000, interval: 1_000 },
      )
      .toBe(13)
    expect((await tries()).length).toBeLessThanOrEqual(4)
  }, 60_000)
})

describe('signing out', () => {
  test('is told once, and of who was not signed in nothing', async () => {
    const cookie = cookieOf(await signIn(service))
    const before = (await told(service, 'AUTH_SIGNED_OUT')).length
    for (let count = 1; count <= 2; count++)
      await service.api('POST', '/sign-out', undefined, withCookie(cookie, agent))
    const after = await told(service, 'AUTH_SIGNED_OUT')
    expect(after).toHaveLength(before + 1)
    expect(after.at(-1)).toMatchObject({
      actor: { actor_data: adaData },
      event_metadata: { ip: '127.0.0.1', user_agent: 'a browser' },
    })
    expect((await service.api('GET', '/me', undefined, withCookie(cookie))).status).toBe(401)
  })
})

describe('sessions that end', () => {
  test('because the password was changed are told with their number; the one that changed it goes on', async () => {
    const lin = await makePerson(service, 'lin@example.com')
    await signIn(service, { email: lin.email, password })
    const body = { current_password: password, new_password: 'another horse battery' }
    expect((await service.api('POST', '/me/password', body, lin.as)).status).toBe(204)
    expect(await told(service, 'AUTH_ENDED_SESSIONS', { target_id: lin.id })).toMatchObject([
      {
        actor: { actor_type: 'USER', actor_data: { id: lin.id } },
        event_metadata: { reason: 'password_changed', sessions: 1 },
      },
    ])
  })

  test('because the user was deactivated name who did that', async () => {
    const kim = await makePerson(service, 'kim@example.com')
    await service.api('PATCH', `/users/${kim.id}`, { status: 'inactive' })
    expect(await told(service, 'AUTH_ENDED_SESSIONS', { target_id: kim.id })).toMatchObject([
      { actor: testKeyActor, event_metadata: { reason: 'user_deactivated', sessions: 1 } },
    ])
  })
})

describe('refused access', () => {
  const refusals = () => told(service, 'AUTH_REFUSED_ACCESS')

  test('with a key that nobody has is told once a minute, and never with the key', async () => {
    minutes(2)
    const key = `kh_${'x'.repeat(40)}`
    const before = (await refusals()).length
    for (let count = 1; count <= 5; count++) {
      expect((await service.api('GET', '/webhooks', undefined, { key })).status).toBe(401)
    }
    const after = (await refusals()).slice(before)
    expect(after).toMatchObject([
      {
        actor: nobody,
        outcome: 'FAILED',
        event_metadata: { reason: 'unknown_key', operation: 'listWebhooks', ip: '127.0.0.1', others: 0 },
      },
    ])
    minutes(1)
    await service.api('GET', '/webhooks', undefined, { key: 'nonsense' })
    const all = (await refusals()).slice(before)
    expect(all.reduce((sum, { event_metadata }) => sum + 1 + Number(event_metadata.others), 0)).toBe(6)
    expect(JSON.stringify(all)).not.toContain('xxxxx')
  })

  test('with a revoked key names the key', async () => {
    const made = await service.api<{ id: string; key: string }>('POST', '/api-keys', {
      name: 'Portal',
      role: 'admin',
    })
    await service.api('DELETE', `/api-keys/${made.body.id}`)
    await service.api('GET', '/apps', undefined, { key: made.body.key })
    expect((await refusals()).at(-1)).toMatchObject({
      actor: { actor_type: 'API_KEY', actor_data: { id: made.body.id, given_name: 'Portal' } },
      event_metadata: { reason: 'revoked_key', operation: 'listApps' },
    })
  })

  test('to an operation of administrators names the person and the operation', async () => {
    expect((await service.api('GET', '/api-keys', undefined, grace.as)).status).toBe(404)
    expect((await refusals()).at(-1)).toMatchObject({
      actor: { actor_type: 'USER', actor_data: { id: grace.id, email: grace.email } },
      event_metadata: { reason: 'above_level', operation: 'listApiKeys' },
    })
  })

  test('from another site is told', async () => {
    const headers = { cookie: grace.cookie, 'sec-fetch-site': 'cross-site' }
    const refused = await service.api('POST', '/access-requests', {}, { key: null, headers })
    expect(refused.status).toBe(403)
    expect((await refusals()).at(-1)).toMatchObject({
      actor: nobody,
      event_metadata: { reason: 'cross_site', operation: 'createAccessRequest' },
    })
  })

  test('with a SCIM token that nobody has, or that was revoked, is told', async () => {
    const made = await service.api<{ id: string; token: string }>('POST', '/scim-tokens', { name: 'Okta' })
    const call = (token: string) =>
      fetch(`${service.url}/scim/v2/Users/x`, { headers: { authorization: `Bearer ${token}` } })
    await service.api('DELETE', `/scim-tokens/${made.body.id}`)
    await call(made.body.token)
    await call(`kh_scim_${'y'.repeat(40)}`)
    expect((await refusals()).slice(-2)).toMatchObject([
      {
        actor: { actor_type: 'SCIM', actor_data: { id: made.body.id, given_name: 'Okta' } },
        event_metadata: { reason: 'revoked_scim_token', operation: 'GET /scim/v2/Users/:id' },
      },
      { actor: nobody, event_metadata: { reason: 'unknown_scim_token' } },
    ])
  })

  test('to who has not signed in at all is not told, nor a session that is over', async () => {
    const before = (await refusals()).length
    await service.api('GET', '/me', undefined, { key: null })
    await service.api('GET', '/me', undefined, withCookie('keyhook.session_token=old.old'))
    expect(await refusals()).toHaveLength(before)
  })

  test('what was only counted is written when the server stops', async () => {
    minutes(2)
    const key = `kh_${'z'.repeat(40)}`
    const before = (await refusals()).length
    for (let count = 1; count <= 4; count++) await service.api('GET', '/groups', undefined, { key })
    service = await service.restart()
    expect((await refusals()).slice(before).map(({ event_metadata }) => event_metadata.others)).toEqual([
      0, 2,
    ])
  })
})

describe('API keys', () => {
  test('that are made and revoked are told, never the key itself', async () => {
    const made = await service.api<{ id: string; key: string }>('POST', '/api-keys', {
      name: 'CI',
      role: 'admin',
    })
    await service.api('DELETE', `/api-keys/${made.body.id}`)
    const targets = [{ target_type: 'API_KEY', target_data: { id: made.body.id, name: 'CI' } }]
    const filter = { target_id: made.body.id }
    for (const type of ['ADMIN_CREATED_API_KEY', 'ADMIN_REVOKED_API_KEY'] as const) {
      const events = await told(service, type, filter)
      expect(events).toMatchObject([{ actor: testKeyActor, targets, event_metadata: { role: 'admin' } }])
      expect(JSON.stringify(events)).not.toContain(made.body.key.slice(3))
    }
  })

  test('of KEYHOOK_BOOTSTRAP_KEY is told once, and again when a start lets it work again', async () => {
    const isBootstrap = { targets: [{ target_data: { name: 'KEYHOOK_BOOTSTRAP_KEY' } }] }
    const system = { actor: { actor_type: 'SYSTEM' } }
    const created = await told(service, 'ADMIN_CREATED_API_KEY')
    const own = created.filter(({ targets }) => targets[0]?.target_data.name === 'KEYHOOK_BOOTSTRAP_KEY')
    expect(own).toMatchObject([{ ...isBootstrap, ...system }])
    await service.api('DELETE', `/api-keys/${own[0]?.targets[0]?.target_data.id}`)
    service = await service.restart()
    expect(await told(service, 'ADMIN_RESTORED_API_KEY')).toMatchObject([{ ...isBootstrap, ...system }])
  })
})
