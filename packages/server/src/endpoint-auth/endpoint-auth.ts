/** What proves to an endpoint who calls: the headers of one attempt beside those of every delivery. */
import type { Egress } from '../egress/egress.ts'
import type { Clock } from '../lib/clock.ts'
import { createAccessTokens } from './access-tokens.ts'
import { type Authentication, basicCredentials } from './authentication.ts'
import { awsSignatureHeaders } from './aws-signature.ts'

export type AuthorizedRequest = {
  url: string
  body: Uint8Array
  /** Milliseconds that getting a token may take. */
  timeLimitMs: number
  /** Ends the wait for a token. */
  signal?: AbortSignal | undefined
}

export type Authorization =
  | {
      readonly ok: true
      readonly headers: readonly (readonly [name: string, value: string])[]
      /** Values among the headers that are secret. */
      readonly secretValues: readonly string[]
      /** The endpoint answered 401: forgets the token, so that the next call gets a new one. Absent where none is used. */
      readonly renew?: () => void
    }
  | { readonly ok: false; readonly detail: string }

export type EndpointAuth = {
  /** Never throws. */
  authorize(
    authentication: Authentication,
    request: AuthorizedRequest,
  ): Authorization | Promise<Authorization>
}

const nothing: Authorization = { ok: true, headers: [], secretValues: [] }

export function createEndpointAuth(egress: Egress, clock: Clock): EndpointAuth {
  const tokens = createAccessTokens(egress, clock)

  return {
    authorize(authentication, { url, body, timeLimitMs, signal }) {
      switch (authentication.type) {
        case 'none':
          return nothing
        case 'header':
          return withHeaders([[authentication.name, authentication.value]])
        case 'basic':
          return withHeaders([['authorization', `Basic ${basicCredentials(authentication)}`]])
        case 'bearer':
          return withHeaders([['authorization', `Bearer ${authentication.token}`]])
        case 'aws_signature_v4':
          return awsSignatureHeaders(authentication, {
            url,
            contentType: 'application/json',
            body,
            now: clock(),
          }).then(withHeaders, () => ({ ok: false, detail: 'The request could not be signed for AWS.' }))
        case 'oauth2_client_credentials':
          return tokens.get(authentication, timeLimitMs, signal).then((reading) => {
            if (!reading.ok) return reading
            const authorized = withHeaders([['authorization', `Bearer ${reading.token}`]])
            return { ...authorized, renew: () => tokens.forget(authentication, reading.token) }
          })
      }
    },
  }
}

function withHeaders(headers: [name: string, value: string][]): Authorization & { ok: true } {
  return { ok: true, headers, secretValues: headers.filter(isSecret).map(([, value]) => value) }
}

/** Time and hash of the body are in the open anyway, and of use to whoever looks into a failed attempt. */
function isSecret([name]: [name: string, value: string]): boolean {
  return name !== 'x-amz-date' && name !== 'x-amz-content-sha256'
}
