import { exampleEvent } from './example-event.ts'
import type { DeprovisioningPayload, InlinePayload } from './payload.ts'
import type { WebhookType } from './webhook-type.ts'

/**
 * One complete, realistic payload of a type, with every member that a real one can have but those of the
 * envelope, which are added when it is sent. A new object each time.
 */
export function examplePayload(type: WebhookType): Record<string, unknown> {
  if (type === 'siem') return { event: exampleEvent() }
  return type === 'deprovisioning' ? exampleDeprovisioning() : exampleInline()
}

function exampleInline(): InlinePayload {
  return {
    application: {
      app_id: 'demo_app',
      instance_id: '0ob3ggjlhx892dc4abcde',
      user_friendly_label: 'Demo App',
    },
    permissions: [
      { label: 'Billing: read only', value: 'billing_read', type: 'PERMISSION', source: 'MANUAL' },
      { label: 'Reports: edit', value: 'reports_edit', type: 'PERMISSION', source: 'OKTA' },
    ],
    target_user: exampleTargetUser(),
    access_length: 43_200,
    request_comment: 'Needed for the quarterly close',
    request_task_url: 'https://keyhook.example.com/requests/req_01981e5c-7a3b-7c4d-8e9f-0a1b2c3d4e5f',
    custom_fields: { 'Cost centre': 'CC-4711', 'Ticket number': 'FIN-2203', 'Production data': false },
    access_request: {
      id: 'req_01981e5c-7a3b-7c4d-8e9f-0a1b2c3d4e5f',
      requested_at: '2026-07-18T09:24:31.000Z',
    },
    requester: {
      id: 'usr_01981e5b-1f2e-7d3c-9b4a-5c6d7e8f9a0b',
      email: 'grace@example.com',
      given_name: 'Grace',
      family_name: 'Hopper',
      manager_email: 'katherine@example.com',
      groups: [{ id: 'grp_01981e5a-3d4c-7b5a-8f6e-7d8c9b0a1f2e', name: 'Finance managers' }],
    },
    callback_url: null,
  }
}

function exampleDeprovisioning(): DeprovisioningPayload {
  return {
    ...exampleInline(),
    access_length: 0,
    grants: [
      {
        id: 'grt_01981e60-2b3c-7d4e-8f5a-6b7c8d9e0f1a',
        permission_value: 'billing_read',
        granted_at: '2026-07-18T10:02:07.000Z',
        expires_at: '2026-07-18T22:02:07.000Z',
      },
      {
        id: 'grt_01981e60-2b3d-7a4b-9c5d-0e1f2a3b4c5d',
        permission_value: 'reports_edit',
        granted_at: '2026-07-18T10:02:07.000Z',
        expires_at: '2026-07-18T22:02:07.000Z',
      },
    ],
    reason: 'expired',
  }
}

function exampleTargetUser(): InlinePayload['target_user'] {
  return {
    id: 'usr_01981e5b-0c1d-7e2f-8a3b-4c5d6e7f8a9b',
    email: 'ada@example.com',
    given_name: 'Ada',
    family_name: 'Lovelace',
    manager_email: 'grace@example.com',
    groups: [
      { id: 'grp_01981e5a-4e5d-7c6b-9a7f-8e9d0c1b2a3f', name: 'Finance' },
      { id: 'grp_01981e5a-5f6e-7d7c-8b80-9fae1d2c3b40', name: 'Staff' },
    ],
  }
}
