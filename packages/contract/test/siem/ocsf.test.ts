/** OCSF events against the published schema, by a checker that knows nothing of our code. */
import { describe, expect, test } from 'vitest'
import { formatEvents, type SiemEntry } from '../../src/siem/formats.ts'
import { ocsfEvent, ocsfVersion } from '../../src/siem/ocsf.ts'
import { kind } from '../../src/siem/ocsf-classes.ts'
import { actors, entryOf, manyEntries, source, targets } from './entries.ts'
import { findings, schemaVersion } from './ocsf-schema.ts'

const written = (...entries: SiemEntry[]) =>
  JSON.parse(new TextDecoder().decode(formatEvents('ocsf', entries, source).body))

describe('ocsf', () => {
  test('each event of each type fits the schema of its class', () => {
    for (const [name, entry] of manyEntries()) expect(findings(written(entry)), name).toEqual([])
  })

  test('sign-in and sign-out are Authentication, with Keyhook as the service', () => {
    for (const activity of ['Logon', 'Logoff', 'Other'] as const)
      for (const [name, entry] of manyEntries()) {
        const event = JSON.parse(JSON.stringify(ocsfEvent(entry, source, kind('authentication', activity))))
        expect(findings(event), name).toEqual([])
        expect(event.service.name).toBe('Keyhook')
      }
  })

  test.each([
    ['APP_STORE_CREATE_ACCESS_REQUEST', 300_401],
    ['APP_STORE_AUTOMATIC_PROVISIONING_FOR_ACCESS_REQUEST', 300_501],
    ['APP_STORE_MANUAL_CONFIRM_DEPROVISIONING_FOR_ACCESS_REQUEST', 300_502],
    ['DIRECTORY_CREATED_USER', 300_101],
    ['DIRECTORY_CHANGED_PASSWORD', 300_103],
    ['DIRECTORY_DEACTIVATED_USER', 300_105],
    ['DIRECTORY_DELETED_GROUP', 300_404],
    ['ADMIN_EXPORTED_EVENTS', 600_302],
    ['CUSTOM_VPN_LOGIN', 600_399],
    ['OF_A_LATER_VERSION', 600_399],
  ])('%s is %i', (event_type, type_uid) => {
    expect(written(entryOf({ event_type })).type_uid).toBe(type_uid)
  })

  test('access that is given: to whom, what, and where', () => {
    const event_type = 'APP_STORE_AUTOMATIC_PROVISIONING_FOR_ACCESS_REQUEST'
    expect(written(entryOf({ event_type, actor: actors.system }))).toMatchObject({
      actor: { app_name: 'Keyhook' },
      user: { name: 'ada@example.com', uid: 'usr_2', email_addr: 'ada@example.com', type_id: 1 },
      privileges: ['billing_read'],
      resources: [{ type: 'ACCESS_REQUEST' }, { uid: 'app_1', name: 'Billing', type: 'APP' }],
      metadata: { correlation_uid: 'req_0199a1b2c3d47e5f8a9b0c1d2e3f4a5c', sequence: 4_711 },
      time: Date.UTC(2026, 6, 18, 9, 24, 31, 125),
    })
  })

  test('a failure says so, with its reason, and is of low severity at least', () => {
    const event_metadata = { error_message: 'The receiver said no' }
    const failed = { outcome: 'FAILED', event_metadata } as const
    expect(written(entryOf(failed))).toMatchObject({
      status_id: 2,
      severity_id: 2,
      status_detail: 'The receiver said no',
    })
    expect(written(entryOf({ ...failed, event_type: 'ADMIN_READ_LOG_KEY' })).severity_id).toBe(3)
    expect(written(entryOf()).severity_id).toBe(1)
  })

  test('who tried to sign in is told by the address that they gave', () => {
    const event = written(
      entryOf({
        event_type: 'AUTH_SIGN_IN_FAILED',
        actor: actors['somebody who did not sign in'],
        outcome: 'FAILED',
        targets: targets.none,
        event_metadata: {
          reason: 'unknown_email',
          email: 'x@example.com',
          ip: '198.51.100.7',
          user_agent: 'curl/8',
        },
      }),
    )
    expect(event).toMatchObject({
      type_uid: 300_201,
      status_id: 2,
      status_detail: 'unknown_email',
      user: { name: 'x@example.com' },
      actor: { user: { name: 'unknown', type_id: 0 } },
      src_endpoint: { ip: '198.51.100.7' },
      http_request: { user_agent: 'curl/8' },
    })
  })

  test('a call that is refused is told by its operation', () => {
    const event_metadata = { operation: 'getApp', reason: 'above_level' }
    const { api } = written(entryOf({ event_type: 'AUTH_REFUSED_ACCESS', event_metadata }))
    expect(api.operation).toBe('getApp')
  })

  test('an event of another system is called as it calls it', () => {
    const event = written(
      entryOf({
        event_type: 'CUSTOM_VPN_LOGIN',
        event_type_user_friendly: 'VPN sign-in',
        event_metadata: { ip: '198.51.100.7' },
      }),
    )
    expect(event).toMatchObject({
      activity_name: 'VPN sign-in',
      api: { operation: 'CUSTOM_VPN_LOGIN' },
      src_endpoint: { ip: '198.51.100.7' },
    })
  })

  test('what is about nothing is about the installation', () => {
    const { entity } = written(entryOf({ targets: targets.none }))
    expect(entity).toEqual({ name: 'Keyhook', uid: source.baseUrl, type_id: 99, type: 'Installation' })
  })

  test('one entry is an object, several are an array of the same objects', () => {
    expect(written(entryOf(), entryOf())).toEqual([written(entryOf()), written(entryOf())])
  })

  test('names the version of the schema that it is checked against', () => {
    expect(ocsfVersion).toBe(schemaVersion)
  })
})

describe('the checker', () => {
  const event = written(entryOf({ event_type: 'DIRECTORY_CREATED_USER' }))

  test.each([
    ['a required attribute that is missing', { user: undefined }, 'event.user is required'],
    ['one of its objects', { metadata: { version: '1' } }, 'event.metadata.product is required'],
    ['none of those of which one is needed', { user: { type_id: 1 } }, 'event.user needs one of account'],
    ['a value that the enum lacks', { activity_id: 13 }, 'event.activity_id is 13: no such value'],
    ['a severity that there is not', { severity_id: 7 }, 'event.severity_id is 7: no such value'],
    ['a word that its number is not', { status: 'Failure' }, 'but status says Failure'],
    ['99 without a word', { activity_id: 99, activity_name: undefined }, 'activity_name must say what'],
    ['text for a number', { time: '2026' }, 'event.time is no whole number'],
    ['a number for text', { message: 7 }, 'event.message is no string'],
    ['an address that is none', { user: { name: 'x', email_addr: 'x' } }, 'email_addr is no email_t'],
    ['another category', { category_uid: 6 }, 'category_uid is 6 and not 3'],
    ['a type that does not fit', { type_uid: 300_102 }, 'type_uid is 300102 and not 300101'],
    ['an attribute that there is not', { keyhook: 1 }, 'event.keyhook is not in the schema'],
    ['one that is no array', { observables: {} }, 'event.observables is no array'],
    ['another class', { class_uid: 3_999 }, 'is no class'],
  ])('finds %s', (_name, change, finding) => {
    const changed = JSON.parse(JSON.stringify({ ...event, ...change }))
    expect(findings(changed).join('\n')).toContain(finding)
  })
})
