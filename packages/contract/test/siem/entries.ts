/** Entries of the log for the tests of the formats: each event type, with whatever an entry can have. */
import { eventTypes, labelOfEventType } from '../../src/event-types.ts'
import type { SiemEntry, SiemTarget } from '../../src/siem/entry.ts'

export const source = { baseUrl: 'https://keyhook.example.com', version: '0.1.0' }

export const everyType = [...Object.keys(eventTypes), 'CUSTOM_VPN_LOGIN', 'OF_A_LATER_VERSION']

const ada = { id: 'usr_2', email: 'ada@example.com', given_name: 'Ada', family_name: 'Lovelace' }
const grace = { id: 'usr_1', email: 'grace@example.com', given_name: 'Grace', family_name: 'Hopper' }

/** An entry as the log has it: someone's request for access. */
export function entryOf(event: Partial<SiemEntry['event']> = {}, entry: Partial<SiemEntry> = {}): SiemEntry {
  const event_type = event.event_type ?? 'APP_STORE_CREATE_ACCESS_REQUEST'
  return {
    id: 'evt_0199a1b2c3d47e5f8a9b0c1d2e3f4a5b',
    position: 4_711,
    logged_at: '2026-07-18T09:24:31.402Z',
    access_request_id: 'req_0199a1b2c3d47e5f8a9b0c1d2e3f4a5c',
    app_id: 'app_0199a1b2c3d47e5f8a9b0c1d2e3f4a5d',
    event: {
      actor: { actor_type: 'USER', actor_data: grace },
      event_type,
      event_type_user_friendly: labelOfEventType(event_type),
      event_began_at: '2026-07-18T09:24:31.125Z',
      event_metadata: {
        business_justification: 'Needed for the quarterly close',
        permissions: [{ label: 'Billing: read only', value: 'billing_read' }],
        error_message: null,
        text: null,
      },
      outcome: 'SUCCEEDED',
      targets: targets.request,
      event_hash: '5e1c3a7f90b24d68'.repeat(8),
      ...event,
    },
    ...entry,
  }
}

export const targets = {
  none: [],
  request: [
    { target_type: 'ACCESS_REQUEST', target_data: { id: 'req_0199a1b2c3d47e5f8a9b0c1d2e3f4a5c' } },
    { target_type: 'APP', target_data: { id: 'app_1', app_id: 'billing', name: 'Billing' } },
    { target_type: 'USER', target_data: ada },
  ],
  user: [{ target_type: 'USER', target_data: ada }],
  'user of whom only the id is known': [{ target_type: 'USER', target_data: { id: 'usr_3' } }],
  group: [{ target_type: 'GROUP', target_data: { id: 'grp_1', name: 'Finance' } }],
  rule: [{ target_type: 'PRE_APPROVAL_RULE', target_data: { id: 'rul_1', name: 'Finance reads' } }],
  'nothing known of it': [
    { target_type: 'USER', target_data: {} },
    { target_type: 'GROUP', target_data: { id: '', name: '' } },
    { target_type: 'PRINTER', target_data: { id: 7, name: null, email: ['x'] } },
  ],
  'an id that no text can have': [{ target_type: 'DOOR', target_data: { id: 'a\u0000b\ud800' } }],
} as const satisfies Record<string, readonly SiemTarget[]>

export const actors = {
  person: { actor_type: 'USER', actor_data: grace },
  'person with an address that is none': {
    actor_type: 'USER',
    actor_data: { id: 'usr_9', email: 'grace hopper', given_name: 'Grace', family_name: '' },
  },
  'API key': {
    actor_type: 'API_KEY',
    actor_data: { id: 'key_1', email: '', given_name: 'CI', family_name: '' },
  },
  SCIM: {
    actor_type: 'SCIM',
    actor_data: { id: 'sct_1', email: '', given_name: 'Okta', family_name: '' },
  },
  'somebody who did not sign in': {
    actor_type: 'UNKNOWN',
    actor_data: { email: '', given_name: '', family_name: '' },
  },
  system: { actor_type: 'SYSTEM', actor_data: { email: '', given_name: 'Keyhook', family_name: '' } },
  'of another system, of which nothing is known': { actor_type: 'ROBOT', actor_data: {} },
} as const satisfies Record<string, SiemEntry['event']['actor']>

/** JSON of 64 levels. */
const deep = JSON.parse(`${'{"a":['.repeat(32)}${']}'.repeat(32)}`)

export const metadata: Readonly<Record<string, Record<string, unknown>>> = {
  none: {},
  usual: entryOf().event.event_metadata as Record<string, unknown>,
  'control characters': { text: 'a\u0000b\u001b[31m\r\n\u007f\u2028', error_message: '\u0007\t' },
  'lone surrogates': { text: '\ud800 and \udfff', '\udc00': '\ud83d' },
  'of 64 levels': { deep },
  'names of prototypes': JSON.parse(
    '{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}, "toJSON": "no function", "permissions": {"__proto__": []}}',
  ),
  'what others call permissions': { permissions: [null, 'read', { value: 7, label: 'Reads' }, []], ip: {} },
  'an address': { ip: '2001:db8::7' },
  'a call': {
    ip: '::ffff:198.51.100.7',
    user_agent: 'curl/8.14',
    operation: 'getApp',
    reason: 'above_level',
  },
  'an address that is none': { ip: '300.1.1.1' },
  'text where numbers are usual': { access_length: '∞', numbers: [1e308, -0.5, 0] },
}

/** Each event type once with each kind of target, actor, metadata and outcome. */
export function* manyEntries(): Generator<[name: string, SiemEntry]> {
  const outcomes = ['SUCCEEDED', 'FAILED'] as const
  for (const event_type of everyType)
    for (const outcome of outcomes) {
      for (const [name, list] of Object.entries(targets))
        yield [`${event_type}, targets ${name}`, entryOf({ event_type, outcome, targets: list })]
      for (const [name, actor] of Object.entries(actors)) {
        yield [`${event_type} by ${name}`, entryOf({ event_type, outcome, actor })]
        yield [`${event_type} by ${name}, no targets`, entryOf({ event_type, outcome, actor, targets: [] })]
      }
      for (const [name, event_metadata] of Object.entries(metadata))
        yield [
          `${event_type}, metadata ${name}`,
          entryOf({ event_type, outcome, event_metadata }, { access_request_id: null, app_id: null }),
        ]
    }
}
