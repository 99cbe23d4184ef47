/** Presets: from what a product shows to the members of a webhook. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { authenticationInput } from '../../src/api/authentication.ts'
import { streamInput } from '../../src/api/stream.ts'
import { fillPreset, type PresetAnswers, siemPresets } from '../../src/siem/presets.ts'

const id = '00000000-0000-4000-8000-000000000000'

/** Answers that fit, and the draft that comes of them but for its stream. */
const right: Record<string, { answers: PresetAnswers; draft: object }> = {
  splunk: {
    answers: { host: 'splunk.example.com', token: `${id}\n` },
    draft: {
      endpoint_url: 'https://splunk.example.com:8088/services/collector/event',
      authentication: { type: 'header', name: 'Authorization', value: `Splunk ${id}` },
    },
  },
  datadog: {
    answers: { site: 'us5.datadoghq.com', api_key: 'a1b2c3' },
    draft: {
      endpoint_url: 'https://http-intake.logs.us5.datadoghq.com/api/v2/logs',
      authentication: { type: 'header', name: 'DD-API-KEY', value: 'a1b2c3' },
    },
  },
  sentinel: {
    answers: {
      endpoint: ' https://keyhook-a1b2.westeurope-1.ingest.monitor.azure.com/ ',
      rule: `dcr-${'0123456789abcdef'.repeat(2)}`,
      tenant: 'example.onmicrosoft.com',
      client_id: id,
      client_secret: 'q~8Q.secret',
    },
    draft: {
      endpoint_url:
        'https://keyhook-a1b2.westeurope-1.ingest.monitor.azure.com/dataCollectionRules/' +
        'dcr-0123456789abcdef0123456789abcdef/streams/Custom-Keyhook_CL?api-version=2023-01-01',
      authentication: {
        type: 'oauth2_client_credentials',
        token_url: 'https://login.microsoftonline.com/example.onmicrosoft.com/oauth2/v2.0/token',
        client_id: id,
        client_secret: 'q~8Q.secret',
        client_authentication: 'client_secret_post',
        scope: 'https://monitor.azure.com/.default',
      },
    },
  },
  collector: {
    answers: { address: 'https://vector.example.com:8443/keyhook', username: 'keyhook', password: 'p w' },
    draft: {
      endpoint_url: 'https://vector.example.com:8443/keyhook',
      authentication: { type: 'basic', username: 'keyhook', password: 'p w' },
    },
  },
}

const presetOf = (name: string) => {
  const preset = siemPresets.find(({ id: known }) => known === name)
  if (!preset) throw new Error(`There is no preset ${name}`)
  return preset
}
const fill = (name: string, changed: PresetAnswers = {}) =>
  fillPreset(presetOf(name), { ...right[name]?.answers, ...changed })

describe.each(siemPresets)('$label', (preset) => {
  test('makes the address and the authentication from the answers', () => {
    const { stream } = preset
    expect(fill(preset.id)).toEqual({ ok: true, draft: { ...right[preset.id]?.draft, stream } })
  })

  test('gives what the API takes', () => {
    const filled = fill(preset.id)
    if (!filled.ok) throw new Error(JSON.stringify(filled.errors))
    const { endpoint_url, authentication, stream } = filled.draft
    expect(URL.canParse(endpoint_url)).toBe(true)
    expect(authenticationInput.parse(authentication)).toMatchObject(authentication)
    expect(streamInput.parse(stream)).toMatchObject(stream)
  })

  test('asks for each answer that has no default', () => {
    const asked = preset.questions.filter(({ preset: usual }) => usual === undefined)
    const filled = fillPreset(preset, {})
    expect(filled.ok ? {} : filled.errors).toEqual(
      Object.fromEntries(asked.map(({ name, label }) => [name, `Enter: ${label}`])),
    )
  })

  test('takes no answer from the prototype of the answers', () => {
    const answers = Object.create(right[preset.id]?.answers ?? {})
    expect(fillPreset(preset, answers).ok).toBe(false)
  })

  test('compresses only where the product reads it, and has its page of steps', () => {
    expect(preset.gzipAllowed || !preset.stream.gzip).toBe(true)
    expect(existsSync(join(import.meta.dirname, '..', '..', '..', '..', 'docs', `${preset.docs}.md`))).toBe(
      true,
    )
  })
})

describe('answers that are wrong', () => {
  test.each([
    ['splunk', 'host', 'https://splunk.example.com'],
    ['splunk', 'host', 'splunk.example.com:8088'],
    ['splunk', 'host', 'splunk.example.com/services'],
    ['splunk', 'host', 'user@splunk.example.com'],
    ['splunk', 'host', `${'a'.repeat(64)}.example.com`],
    ['splunk', 'port', '0'],
    ['splunk', 'port', '65536'],
    ['splunk', 'port', '8088/x'],
    ['splunk', 'token', 'two words'],
    ['splunk', 'token', 'line\nbreak'],
    ['splunk', 'token', 'ümlaut'],
    ['datadog', 'site', 'datadoghq.com.example.com'],
    ['datadog', 'api_key', 'a b'],
    ['sentinel', 'endpoint', 'http://keyhook.westeurope-1.ingest.monitor.azure.com'],
    ['sentinel', 'endpoint', 'https://ingest.monitor.azure.com.example.com'],
    ['sentinel', 'endpoint', 'https://keyhook.westeurope-1.ingest.monitor.azure.com/dataCollectionRules/x'],
    ['sentinel', 'endpoint', 'https://u:p@keyhook.westeurope-1.ingest.monitor.azure.com'],
    ['sentinel', 'endpoint', 'keyhook.westeurope-1.ingest.monitor.azure.com'],
    ['sentinel', 'rule', 'keyhook-rule'],
    ['sentinel', 'rule', 'dcr-0123/../x'],
    ['sentinel', 'stream', 'Keyhook_CL'],
    ['sentinel', 'stream', 'Custom-Keyhook/x?y'],
    ['sentinel', 'tenant', 'example/../evil'],
    ['sentinel', 'client_id', 'keyhook'],
    ['sentinel', 'client_secret', ' '],
    ['collector', 'address', 'vector.example.com'],
    ['collector', 'address', 'ftp://vector.example.com'],
    ['collector', 'address', 'https://u:p@vector.example.com'],
    ['collector', 'address', `https://vector.example.com/${'a'.repeat(2_048)}`],
    ['collector', 'username', 'a:b'],
    ['collector', 'password', 'p'.repeat(4_097)],
  ])('%s: %s %j is told at its question', (name, question, answer) => {
    const filled = fill(name, { [question]: answer })
    expect(filled.ok ? {} : Object.keys(filled.errors)).toEqual([question])
  })

  test('a password without a user name, and a user name without a password', () => {
    expect(fill('collector', { username: '' })).toEqual({
      ok: false,
      errors: { username: 'Enter the user name of this password' },
    })
    expect(fill('collector', { password: '' })).toEqual({
      ok: false,
      errors: { password: 'Enter the password of this user' },
    })
  })
})

test('a collector without a user has no authentication', () => {
  expect(fill('collector', { username: '', password: '' })).toMatchObject({
    draft: { authentication: { type: 'none' } },
  })
})

test.each([
  ['us', 'login.microsoftonline.us', 'https://monitor.azure.us/.default'],
  ['cn', 'login.partner.microsoftonline.cn', 'https://monitor.azure.cn/.default'],
])('an endpoint of the cloud .%s is signed in to there', (cloud, login, scope) => {
  expect(fill('sentinel', { endpoint: `https://k-1.region-1.ingest.monitor.azure.${cloud}` })).toMatchObject({
    draft: {
      authentication: { token_url: `https://${login}/example.onmicrosoft.com/oauth2/v2.0/token`, scope },
    },
  })
})
