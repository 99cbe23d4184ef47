import { benchKey } from './child.ts'
import type { Target } from './load.ts'

const payload = {
  application: { app_id: 'demo_app', instance_id: 'bench', user_friendly_label: 'Demo App' },
  permissions: [{ label: 'Reader', value: 'reader', type: 'PERMISSION', source: 'MANUAL' }],
  target_user: { email: 'ada@example.com', given_name: 'Ada', family_name: 'Lovelace' },
  access_length: 43_200,
  request_comment: 'Quarterly close',
  custom_fields: null,
}

/** The payload that every side of a scenario sends. */
export const benchPayload = JSON.stringify(payload)

/** Makes a pre-approval webhook and returns how it is invoked. */
export async function invokable(
  server: string,
  endpointUrl: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Target> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${benchKey}` }
  const answer = await fetch(`${server}/api/v1/webhooks`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      type: 'pre_approval',
      name: 'Bench',
      endpoint_url: endpointUrl,
      headers: [{ name: 'x-api-key', value: 'bench-secret-value' }],
      ...settings,
    }),
  })
  const { id } = (await answer.json()) as { id: string }
  return {
    url: `${server}/api/v1/webhooks/${id}/invoke`,
    headers: { authorization: headers.authorization },
    body: `{"payload":${benchPayload}}`,
  }
}
