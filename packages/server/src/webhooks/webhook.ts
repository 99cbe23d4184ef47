/** The configured webhook and its pure rules. */
import type { HeaderChange } from '@keyhook/contract/api/webhook.ts'
import type { SigningKeys } from '@keyhook/contract/signature.ts'
import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import { checkHeader, checkHeaders } from '../egress/request-headers.ts'
import type { ExchangeTls } from '../egress/secure-contexts.ts'
import { type Authentication, headersOf } from '../endpoint-auth/authentication.ts'
import { type MemberError, validationFailed } from '../lib/problem-error.ts'
import { isMask } from '../lib/secret-mask.ts'
import type { WebhookSettings } from './webhook-settings.ts'

/** A custom header with its value in the clear: lives in memory only while it is used. */
export type CustomHeader = { readonly name: string; readonly value: string }

/** What an exchange needs to know of a webhook, saved or not. */
export type WebhookTarget = {
  readonly type: WebhookType
  readonly name: string
  readonly endpointUrl: string
  readonly headers: readonly CustomHeader[]
  readonly timeLimitMs: number
  readonly settings: WebhookSettings
  readonly signingKeys: SigningKeys
}

/** What the TLS side of an exchange needs beyond the usual; undefined when nothing. The same object each time. */
export function tlsOf({ settings }: WebhookTarget): ExchangeTls | undefined {
  const { clientCertificate, certificateAuthority } = settings
  if (clientCertificate === null && certificateAuthority === null) return undefined
  let tls = knownTls.get(settings)
  if (!tls) {
    tls = {
      ...(clientCertificate ? { clientCertificate } : {}),
      ...(certificateAuthority ? { certificateAuthorities: [certificateAuthority] } : {}),
    }
    knownTls.set(settings, tls)
  }
  return tls
}

const knownTls = new WeakMap<WebhookSettings, ExchangeTls>()

/** A saved webhook, its secrets opened. */
export type Webhook = WebhookTarget & {
  readonly id: string
  readonly description: string | null
  readonly enabled: boolean
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Whose connections its exchanges use; undefined for one that is not saved. */
export function ownerOf(target: WebhookTarget | Webhook): string | undefined {
  return 'id' in target ? target.id : undefined
}

/** Scheme, host and port: where secrets go. */
export function originOf(endpointUrl: string): string {
  return new URL(endpointUrl).origin
}

/**
 * The whole new header list of a change: an item without a value keeps the stored value of that name. Values are kept
 * only for the origin they were entered for: otherwise whoever may edit a webhook could send its secrets to a server
 * of their own. Throws 422 that names each header whose value must be given.
 */
export function mergeHeaders(
  wanted: readonly HeaderChange[],
  stored: readonly CustomHeader[],
  sameOrigin: boolean,
  at: string,
): CustomHeader[] {
  const values = new Map(stored.map((header) => [header.name.toLowerCase(), header.value]))
  const errors: MemberError[] = []
  const merged = wanted.map((header, index) => {
    const kept = header.value ?? (sameOrigin ? values.get(header.name.toLowerCase()) : undefined)
    if (kept === undefined) {
      errors.push({ pointer: `${at}/${index}/value`, detail: missingValue(header.name, values, sameOrigin) })
    }
    if (header.value !== undefined && isMask(header.value)) {
      errors.push({
        pointer: `${at}/${index}/value`,
        detail: 'This is the mask, not the value: enter the value, or leave it out to keep the stored one.',
      })
    }
    return { name: header.name, value: kept ?? '' }
  })
  if (errors.length > 0) throw validationFailed(errors)
  return merged
}

function missingValue(name: string, values: ReadonlyMap<string, string>, sameOrigin: boolean): string {
  if (!sameOrigin && values.has(name.toLowerCase())) {
    return 'The endpoint URL now points to another server: enter the value again.'
  }
  return 'Enter a value.'
}

/**
 * Why the headers that people entered cannot be sent, without a value in it, or null. They were checked when they were
 * saved; a row may have been changed since. Judged once for each time that a webhook is read.
 */
export function unsendableHeader(target: WebhookTarget): string | null {
  const { headers, settings } = target
  let problem = knownProblems.get(target)
  if (problem === undefined) {
    const [error] = checkHeaders(headers)
    const names = headersOf(settings.authentication)
    problem = error?.detail ?? names.map((name) => checkHeader(name, 'x')).find((detail) => detail) ?? null
    knownProblems.set(target, problem)
  }
  return problem
}

const knownProblems = new WeakMap<WebhookTarget, string | null>()

/**
 * Throws 422 for headers that may not be sent, or that the authentication sets as well; `at` is the pointer of the list.
 */
export function requireSendableHeaders(
  headers: readonly CustomHeader[],
  authentication: Authentication,
  at: string,
): void {
  const errors = checkHeaders(headers).map(({ index, member, detail }) => ({
    pointer: index === null ? at : `${at}/${index}/${member}`,
    detail,
  }))
  const taken = headersOf(authentication)
  headers.forEach(({ name }, index) => {
    if (!taken.includes(name.toLowerCase())) return
    errors.push({
      pointer: `${at}/${index}/name`,
      detail: `The authentication of this webhook sets the header "${name}": remove one of the two.`,
    })
  })
  if (errors.length > 0) throw validationFailed(errors)
}
