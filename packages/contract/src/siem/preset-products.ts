/** What presets know of single products: their sites and the shapes of their ids. Pure. */

/** Sites of Datadog that take logs. */
export const datadogSites = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'uk1.datadoghq.com',
  'ddog-gov.com',
  'us2.ddog-gov.com',
] as const

/** Each cloud of Microsoft signs in at its own place and calls its monitor by its own name. */
const azureClouds = {
  com: { login: 'login.microsoftonline.com', scope: 'https://monitor.azure.com/.default' },
  us: { login: 'login.microsoftonline.us', scope: 'https://monitor.azure.us/.default' },
  cn: { login: 'login.partner.microsoftonline.cn', scope: 'https://monitor.azure.cn/.default' },
} as const

const dceHost = /\.ingest\.monitor\.azure\.(com|us|cn)$/

export function azureCloudOf(hostname: string): (typeof azureClouds)[keyof typeof azureClouds] {
  return azureClouds[(dceHost.exec(hostname)?.[1] ?? 'com') as keyof typeof azureClouds]
}

export function dceAddress(answer: string): string | null {
  const url = URL.parse(answer)
  const fits =
    url?.protocol === 'https:' && url.port === '' && url.username === '' && dceHost.test(url.hostname)
  if (!url || !fits)
    return 'An address such as https://keyhook-a1b2.westeurope-1.ingest.monitor.azure.com: it ends in .ingest.monitor.azure.com'
  return url.pathname === '/' && url.search === '' && url.hash === ''
    ? null
    : 'Only the endpoint: the path is made from the other answers'
}

export function immutableId(answer: string): string | null {
  return /^dcr-[\da-f]{32}$/.test(answer)
    ? null
    : 'An immutable id begins with dcr- and has 32 hexadecimal digits; it is not the name of the rule'
}

export function streamName(answer: string): string | null {
  return /^(?:Custom|Microsoft)-[A-Za-z][A-Za-z0-9_-]{0,99}$/.test(answer)
    ? null
    : 'A stream name begins with Custom-, for example Custom-Keyhook_CL'
}

/** An id or a domain of the directory. */
export function tenant(answer: string): string | null {
  return /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(answer)
    ? null
    : 'An id such as 00000000-0000-0000-0000-000000000000, or a domain such as example.onmicrosoft.com'
}
