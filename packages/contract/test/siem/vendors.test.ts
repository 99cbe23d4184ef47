/** What Splunk, Datadog and Sentinel are sent. */
import { describe, expect, test } from 'vitest'
import { formatEvents, type SiemEntry, type SiemFormat } from '../../src/siem/formats.ts'
import { sentinelColumns } from '../../src/siem/sentinel.ts'
import { actors, entryOf, manyEntries, source, targets } from './entries.ts'

const written = (format: SiemFormat, ...entries: SiemEntry[]) => {
  const { contentType, body } = formatEvents(format, entries, source)
  expect(contentType).toBe('application/json')
  return new TextDecoder().decode(body)
}

describe('splunk_hec', () => {
  test('an event has its time in seconds, its host, source and type, and its members flat', () => {
    const { event, ...entry } = entryOf()
    expect(JSON.parse(written('splunk_hec', entryOf()))).toEqual({
      time: 1_784_366_671.125,
      host: 'keyhook.example.com',
      source: 'keyhook',
      sourcetype: 'keyhook:event',
      event: { ...event, ...entry },
    })
  })

  test('several follow one another, with no array around them', () => {
    const one = written('splunk_hec', entryOf())
    expect(written('splunk_hec', entryOf(), entryOf())).toBe(`${one}\n${one}`)
  })
})

describe('datadog', () => {
  const log = (entry: SiemEntry) => JSON.parse(written('datadog', entry))[0]

  test('a log has the standard attributes, and the entry under `keyhook`', () => {
    expect(log(entryOf())).toEqual({
      ddsource: 'keyhook',
      service: 'keyhook',
      hostname: 'keyhook.example.com',
      ddtags: 'version:0.1.0',
      timestamp: '2026-07-18T09:24:31.125Z',
      status: 'info',
      message: 'Access requested by grace@example.com',
      evt: {
        id: 'evt_0199a1b2c3d47e5f8a9b0c1d2e3f4a5b',
        name: 'APP_STORE_CREATE_ACCESS_REQUEST',
        outcome: 'success',
      },
      usr: { id: 'usr_1', email: 'grace@example.com', name: 'Grace Hopper' },
      keyhook: entryOf(),
    })
  })

  test('a failure is a warning with its error', () => {
    const failed = entryOf({ outcome: 'FAILED', event_metadata: { error_message: 'No seat is left' } })
    expect(log(failed)).toMatchObject({
      status: 'warn',
      evt: { outcome: 'failure' },
      error: { message: 'No seat is left' },
    })
  })

  test('who does not prove who they are is told by the address that they gave', () => {
    const event_metadata = { email: 'ada@example.com', reason: 'wrong_password', user_agent: 'curl/8.14' }
    const tried = {
      actor: actors['somebody who did not sign in'],
      outcome: 'FAILED',
      event_metadata,
    } as const
    const nobody = log(entryOf({ ...tried, event_type: 'AUTH_SIGN_IN_FAILED', targets: targets.none }))
    expect(nobody).toMatchObject({
      message: 'Sign-in failed',
      usr: { email: 'ada@example.com' },
      error: { message: 'wrong_password' },
      http: { useragent: 'curl/8.14' },
    })
    expect(log(entryOf({ ...tried, targets: targets.user })).usr.id).toBe('usr_2')
  })

  test('the address of a client is told only when it is one', () => {
    const withIp = (ip: unknown) => log(entryOf({ event_metadata: { ip } }))
    expect(withIp('198.51.100.7').network.client.ip).toBe('198.51.100.7')
    expect(withIp('2001:db8::7').network.client.ip).toBe('2001:db8::7')
    for (const ip of ['', '300.1.1.1', '1.2.3', '1.2.3.4.', 'host', ':', '::1]/x', 7, null])
      expect(withIp(ip), String(ip)).not.toHaveProperty('network')
  })

  test('who has no address has none', () => {
    const { usr, message } = log(entryOf({ actor: actors.system }))
    expect(usr).toEqual({ name: 'Keyhook' })
    expect(message).toBe('Access requested by Keyhook')
  })
})

describe('sentinel', () => {
  const row = (entry: SiemEntry) => JSON.parse(written('sentinel', entry))[0]

  test('a row has the columns of the table, each of its type', () => {
    const types = new Map(sentinelColumns.map(({ name, type }) => [name, type]))
    for (const [name, entry] of manyEntries())
      for (const [column, value] of Object.entries(row(entry))) {
        const type = types.get(column)
        if (type === 'string') expect(value, `${name}: ${column}`).toBeTypeOf('string')
        if (type === 'long') expect(Number.isSafeInteger(value), `${name}: ${column}`).toBe(true)
        if (type === 'datetime')
          expect(new Date(String(value)).toISOString(), `${name}: ${column}`).toBe(value)
        expect(type, `${name}: ${column}`).toBeDefined()
      }
  })

  test('names of columns are those that a table can have', () => {
    const reserved = ['id', 'type', 'title', 'tenantid', 'uniqueid', 'billedsize', 'isbillable', 'resource']
    for (const { name } of sentinelColumns) {
      expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]{0,44}$/)
      expect(reserved).not.toContain(name.toLowerCase())
    }
    expect(sentinelColumns[0]?.name).toBe('TimeGenerated')
  })

  test('the first target has its columns, all are in Targets', () => {
    expect(row(entryOf())).toMatchObject({
      TimeGenerated: '2026-07-18T09:24:31.125Z',
      ActorEmail: 'grace@example.com',
      TargetType: 'ACCESS_REQUEST',
      TargetId: 'req_0199a1b2c3d47e5f8a9b0c1d2e3f4a5c',
      Targets: targets.request,
    })
    expect(row(entryOf({ targets: targets.user }))).toMatchObject({ TargetName: 'Ada Lovelace' })
  })

  test('what there is not has no column', () => {
    const bare = row(
      entryOf({ actor: actors.system, targets: targets.none }, { access_request_id: null, app_id: null }),
    )
    for (const column of ['ActorEmail', 'ActorId', 'TargetType', 'TargetId', 'AccessRequestId', 'AppId'])
      expect(bare).not.toHaveProperty(column)
  })
})
