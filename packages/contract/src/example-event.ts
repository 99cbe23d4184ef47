import type { SiemEntry } from './siem/entry.ts'
import type { SiemPayload } from './siem-payload.ts'

/** An entry of the log with that event: what the condition of a SIEM webhook is asked about. */
export function exampleEntry(): Omit<SiemEntry, 'event'> & Pick<SiemPayload, 'event'> {
  return {
    id: 'evt_01981e5c-7a3c-7d1e-8f2a-3b4c5d6e7f80',
    position: 4_711,
    logged_at: '2026-07-18T09:24:31.250Z',
    access_request_id: 'req_01981e5c-7a3b-7c4d-8e9f-0a1b2c3d4e5f',
    app_id: 'demo_app',
    event: exampleEvent(),
  }
}

/** A complete event of the activity log: someone asked for access. */
export function exampleEvent(): SiemPayload['event'] {
  return {
    actor: {
      actor_type: 'USER',
      actor_data: { email: 'grace@example.com', given_name: 'Grace', family_name: 'Hopper' },
    },
    event_type: 'APP_STORE_CREATE_ACCESS_REQUEST',
    event_type_user_friendly: 'Created access request',
    event_began_at: '2026-07-18T09:24:31.000Z',
    event_hash:
      '5e1c3a7f90b24d68c2f7a01b6d94e83f7c50b1d2a96e48f3075ad8c1e2b6f94d' +
      'a83f61c07be25d94f0138ac67e2d95b4c1f80a36d7e42b59f6083c1da7e5b290',
    event_metadata: {
      access_length: 43_200,
      appstore_request_metadata: { request_id: 'req_01981e5c-7a3b-7c4d-8e9f-0a1b2c3d4e5f' },
      business_justification: 'Needed for the quarterly close',
      deprovisioned_through_direct_integration: null,
      error_message: null,
      itsm_ticket_link: 'https://tickets.example.com/FIN-2203',
      operation_trigger: 'USER_REQUEST',
      permissions: [
        { label: 'Billing: read only', value: 'billing_read', type: 'PERMISSION', source: 'MANUAL' },
      ],
      reason_for_preapproval: null,
      success_message: null,
    },
    outcome: 'SUCCEEDED',
    targets: [
      {
        target_type: 'APP_INSTANCE',
        target_data: {
          app_id: 'demo_app',
          instance_id: '0ob3ggjlhx892dc4abcde',
          user_friendly_label: 'Demo App',
        },
      },
      {
        target_type: 'USER',
        target_data: { email: 'ada@example.com', given_name: 'Ada', family_name: 'Lovelace' },
      },
    ],
  }
}
