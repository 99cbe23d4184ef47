/**
 * Presets of SIEM webhooks: each product with what the form asks for it. Limits of the products are those that their
 * makers publish; batches are well below.
 */

import type { PresetAnswers, SiemPreset } from './preset.ts'
import { anything, hostName, port, token, uuid, webAddress } from './preset-checks.ts'
import { azureCloudOf, datadogSites, dceAddress, immutableId, streamName, tenant } from './preset-products.ts'

export {
  type FilledPreset,
  fillPreset,
  type PresetAnswers,
  type PresetDraft,
  type PresetQuestion,
  type SiemPreset,
} from './preset.ts'

/** Splunk Cloud takes 1 MB in a request; Splunk Enterprise as its `max_content_length` says. */
const splunk: SiemPreset = {
  id: 'splunk',
  label: 'Splunk (HTTP Event Collector)',
  docs: 'siem-splunk',
  gzipAllowed: true,
  stream: {
    format: 'splunk_hec',
    gzip: true,
    batch_events: 500,
    batch_bytes: 1_000_000,
    batch_wait_ms: 1_000,
  },
  questions: [
    {
      name: 'host',
      label: 'Host',
      hint: 'Splunk Cloud: http-inputs-<your stack>.splunkcloud.com',
      placeholder: 'splunk.example.com',
      check: hostName,
    },
    {
      name: 'port',
      label: 'Port',
      hint: 'Under Settings, Data inputs, HTTP Event Collector, Global Settings. Splunk Cloud: 443',
      preset: '8088',
      check: port,
    },
    {
      name: 'token',
      label: 'Token value',
      hint: 'Under Settings, Data inputs, HTTP Event Collector',
      secret: true,
      check: token,
    },
  ],
  build: (answer) => ({
    endpoint_url: `https://${answer('host')}:${answer('port')}/services/collector/event`,
    // The scheme is part of the value: a header holds whatever it is given.
    authentication: { type: 'header', name: 'Authorization', value: `Splunk ${answer('token')}` },
  }),
}

/** 5 MB before compression, 1 MB in a log, 1,000 logs. */
const datadog: SiemPreset = {
  id: 'datadog',
  label: 'Datadog',
  docs: 'siem-datadog',
  gzipAllowed: true,
  stream: {
    format: 'datadog',
    gzip: true,
    batch_events: 1_000,
    batch_bytes: 4_000_000,
    batch_wait_ms: 1_000,
  },
  questions: [
    {
      name: 'site',
      label: 'Datadog site',
      hint: 'The address at which you sign in to Datadog',
      options: datadogSites.map((value) => ({ value, label: value })),
      check: anything,
    },
    {
      name: 'api_key',
      label: 'API key',
      hint: 'Under Organization settings, API keys. An application key does not do',
      secret: true,
      check: token,
    },
  ],
  build: (answer) => ({
    endpoint_url: `https://http-intake.logs.${answer('site')}/api/v2/logs`,
    authentication: { type: 'header', name: 'DD-API-KEY', value: answer('api_key') },
  }),
}

/** 1 MB in a call, before and after compression, 64 KB in a column. */
const sentinel: SiemPreset = {
  id: 'sentinel',
  label: 'Microsoft Sentinel (Logs Ingestion API)',
  docs: 'siem-sentinel',
  gzipAllowed: true,
  stream: { format: 'sentinel', gzip: true, batch_events: 500, batch_bytes: 1_000_000, batch_wait_ms: 1_000 },
  questions: [
    {
      name: 'endpoint',
      label: 'Logs ingestion endpoint',
      hint: 'On the overview of the data collection endpoint, or in the JSON view of the rule',
      placeholder: 'https://keyhook-a1b2.westeurope-1.ingest.monitor.azure.com',
      check: dceAddress,
    },
    {
      name: 'rule',
      label: 'Immutable id of the data collection rule',
      hint: 'On the overview of the rule, JSON view: immutableId',
      placeholder: 'dcr-0123456789abcdef0123456789abcdef',
      check: immutableId,
    },
    {
      name: 'stream',
      label: 'Stream name',
      hint: 'In the rule, under streamDeclarations',
      preset: 'Custom-Keyhook_CL',
      check: streamName,
    },
    {
      name: 'tenant',
      label: 'Directory (tenant) id',
      hint: 'On the overview of the app registration',
      check: tenant,
    },
    {
      name: 'client_id',
      label: 'Application (client) id',
      hint: 'On the overview of the app registration',
      check: uuid,
    },
    {
      name: 'client_secret',
      label: 'Client secret',
      hint: 'The value, which is shown once, and not the secret id',
      secret: true,
      check: token,
    },
  ],
  build: (answer) => {
    const { origin, hostname } = new URL(answer('endpoint'))
    const { login, scope } = azureCloudOf(hostname)
    return {
      endpoint_url: `${origin}/dataCollectionRules/${answer('rule')}/streams/${answer('stream')}?api-version=2023-01-01`,
      authentication: {
        type: 'oauth2_client_credentials',
        token_url: `https://${login}/${answer('tenant')}/oauth2/v2.0/token`,
        client_id: answer('client_id'),
        client_secret: answer('client_secret'),
        client_authentication: 'client_secret_post',
        scope,
      },
    }
  },
}

/** Programs that pass logs on: Vector, Logstash and others that take NDJSON. */
const collector: SiemPreset = {
  id: 'collector',
  label: 'Vector, Logstash or another collector (NDJSON)',
  docs: 'siem-collectors',
  gzipAllowed: true,
  stream: { format: 'ndjson', gzip: false, batch_events: 500, batch_bytes: 1_000_000, batch_wait_ms: 1_000 },
  questions: [
    {
      name: 'address',
      label: 'Address of its HTTP source',
      hint: 'With its path, if it has one',
      placeholder: 'https://vector.example.com:8443/',
      check: webAddress,
    },
    {
      name: 'username',
      label: 'User name',
      hint: 'HTTP Basic; leave it empty when the source wants none',
      preset: '',
      check: (answer) => (/^[\x20-\x39\x3b-\x7e]{1,512}$/.test(answer) ? null : 'Plain characters, no colon'),
    },
    {
      name: 'password',
      label: 'Password',
      hint: 'HTTP Basic; only with a user name',
      preset: '',
      secret: true,
      check: (answer) => (answer.length > 4_096 ? 'At most 4,096 characters' : null),
    },
  ],
  compare: (answer): PresetAnswers => {
    const [username, password] = [answer('username'), answer('password')]
    if (username === '' && password !== '') return { username: 'Enter the user name of this password' }
    return username !== '' && password === '' ? { password: 'Enter the password of this user' } : {}
  },
  build: (answer) => ({
    endpoint_url: answer('address'),
    authentication:
      answer('username') === ''
        ? { type: 'none' }
        : { type: 'basic', username: answer('username'), password: answer('password') },
  }),
}

export const siemPresets = [splunk, datadog, sentinel, collector] as const
