/** The configured webhook and its pure rules. */
import type { HeaderChange } from '@keyhook/contract/api/webhook.ts'
import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import { checkHeaders } from '../egress/request-headers.ts'
import { type MemberError, validationFailed } from '../lib/problem-error.ts'

/** A custom header with its value in the clear: lives in memory only while it is used. */
export type CustomHeader = { readonly name: string; readonly value: string }

/** What an exchange needs to know of a webhook, saved or not. */
export type WebhookTarget = {
  readonly type: WebhookType
  readonly name: string
  readonly endpointUrl: string
  readonly headers: readonly CustomHeader[]
  readonly timeLimitMs: number
  /** Those that sign, the current one first. */
  readonly signingSecrets: readonly Uint8Array[]
}

/** A saved webhook, its secrets opened. */
export type Webhook = WebhookTarget & {
  readonly id: string
  readonly description: string | null
  readonly enabled: boolean
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
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

/** Throws 422 for the first header that may not be sent; `at` is the pointer of the list. */
export function requireSendableHeaders(headers: readonly CustomHeader[], at: string): void {
  const errors = checkHeaders(headers).map(({ index, member, detail }) => ({
    pointer: index === null ? at : `${at}/${index}/${member}`,
    detail,
  }))
  if (errors.length > 0) throw validationFailed(errors)
}
