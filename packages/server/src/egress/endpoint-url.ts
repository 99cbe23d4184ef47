/** Which endpoint URLs are acceptable, as far as the text alone tells. What a name resolves to is judged when it is dialled. */
import { isIP } from 'node:net'
import { judgeAddress } from './address-rules.ts'
import { closedNameProblem, metadataNameProblem, nameProblem } from './host-names.ts'
import { addressPolicy, type EgressPolicy, opensName, opensPort } from './policy.ts'
import { belongsToInnerService, speaksAnotherProtocol } from './ports.ts'
import type { Refusal } from './refusal.ts'

export const maxEndpointUrlLength = 2048

export type EndpointUrl = { readonly ok: true; readonly url: URL } | Refusal

/**
 * Parses an endpoint URL once; everything after uses the result, never the text again. `url` has its host in the one
 * spelling that is dialled: lower case, IP literals in canonical form, no dot at the end.
 */
export function parseEndpointUrl(text: string, policy: EgressPolicy): EndpointUrl {
  const spelling = spellingProblem(text)
  if (spelling) return spelling
  const url = URL.parse(text)
  if (url === null) {
    const port = portProblem(text)
    if (port) return port
    return refused(
      'This is not a URL that can be called.',
      'Write it like https://hooks.example.com/keyhook.',
    )
  }
  return partsProblem(url, text, policy) ?? hostProblem(url, policy) ?? { ok: true, url }
}

/** A port that is none; null when that is not what is wrong. */
function portProblem(text: string): Refusal | null {
  const [, before = '', port] =
    /^([a-z][a-z0-9+.-]*:\/\/(?:\[[^\]]*\]|[^:/?#@[\]]*):)([^/?#@]*)(?=[/?#]|$)/i.exec(text) ?? []
  if (port === undefined || (/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) return null
  return refused(
    `The port at position ${before.length + 1} of the URL is not a number from 1 to 65535.`,
    'Write it like https://hooks.example.com:8443/keyhook, or leave it out for 443.',
  )
}

/** The host of a parsed URL without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

/** Things that URL parsers repair in silence, each in its own way: what is not unambiguous is not accepted. */
function spellingProblem(text: string): Refusal | null {
  if (text.length > maxEndpointUrlLength) {
    return refused(
      `The URL is ${text.length} characters long.`,
      `At most ${maxEndpointUrlLength} are possible; put long values into a custom header.`,
    )
  }
  const invisible = /[\p{Cc}\p{Cf}\p{Z}\s]/u.exec(text)
  if (invisible) {
    return refused(
      `There is a space or an invisible character at position ${invisible.index + 1} of the URL.`,
      'Remove it, or write it percent-encoded (a space is %20).',
    )
  }
  if (text.includes('\\')) return refused('There is a backslash in the URL.', 'Use / or %5C.')
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(text)) {
    return refused(
      'The URL does not start with a scheme and a host.',
      'Write it like https://hooks.example.com/keyhook.',
    )
  }
  return null
}

function partsProblem(url: URL, text: string, policy: EgressPolicy): Refusal | null {
  if (url.protocol === 'http:' && !policy.allowHttp) {
    return refused(
      'The URL uses http, which would send the payload and its headers unencrypted.',
      'Use https, or let the operator set KEYHOOK_EGRESS_HTTP=true.',
    )
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refused(`The URL uses ${url.protocol.slice(0, -1)}.`, 'Use https.')
  }
  // Also an empty one (https://@host/), which the parser drops.
  if (url.username || url.password || /^[^:]+:\/\/[^/?#]*@/.test(text)) {
    return refused(
      'The URL holds a user name or password, which would be shown wherever the URL is.',
      'Send it in a custom header, for example authorization.',
    )
  }
  if (text.includes('#')) {
    return refused('The URL has a fragment (#…), which is never sent.', 'Remove the # and what follows.')
  }
  if (speaksAnotherProtocol(portOf(url))) {
    return refused(
      `Port ${portOf(url)} belongs to another protocol than HTTP.`,
      'Use 443 or another free port, for example https://hooks.example.com:8443/keyhook.',
    )
  }
  if (belongsToInnerService(portOf(url)) && !opensPort(policy, portOf(url))) {
    return refused(
      `Port ${portOf(url)} is one at which databases or the control of machines listen.`,
      `Use 443 or another free port, or let the operator open this one: KEYHOOK_EGRESS_ALLOW=:${portOf(url)}.`,
    )
  }
  return null
}

function hostProblem(url: URL, policy: EgressPolicy): Refusal | null {
  const host = hostOf(url)
  if (isIP(host) !== 0) return literalProblem(url, host, policy)
  const name = host.replace(/\.$/, '')
  const never = nameProblem(name) ?? metadataNameProblem(name)
  if (never) return never
  if (name !== host) url.hostname = name
  return opensName(policy, name) ? null : closedNameProblem(name)
}

function literalProblem(url: URL, host: string, policy: EgressPolicy): Refusal | null {
  const verdict = judgeAddress(host, addressPolicy(policy))
  if (!verdict.allowed) return refusedAddress(`${host} may not be called: it is ${verdict.what}.`, verdict)
  const literal = verdict.address.includes(':') ? `[${verdict.address}]` : verdict.address
  if (url.hostname !== literal) url.hostname = literal
  return null
}

/** The refusal of an address, with what can be done about it. */
export function refusedAddress(finding: string, verdict: { readonly operatorMayOpen: boolean }): Refusal {
  return refused(
    finding,
    verdict.operatorMayOpen
      ? 'Use a public address, or let the operator open this one with KEYHOOK_EGRESS_ALLOW.'
      : 'It stays closed whatever is allowed. Use the address of your receiver.',
  )
}

function refused(finding: string, advice: string): Refusal {
  return { ok: false, finding, advice }
}
