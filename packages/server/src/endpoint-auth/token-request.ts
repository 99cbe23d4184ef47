/**
 * One request to a token endpoint: client credentials of OAuth 2.0 (RFC 6749, 4.4). It goes through the address guard
 * like every other address that an editor of webhooks may enter.
 */
import { parseJson } from '@keyhook/contract/json.ts'
import type { HttpAnswer } from '@keyhook/contract/outcome.ts'
import { showText } from '@keyhook/contract/show-text.ts'
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  customFetch,
  modifyAssertion,
  PrivateKeyJwt,
  processClientCredentialsResponse,
  ResponseBodyError,
} from 'oauth4webapi'
import type { Egress } from '../egress/egress.ts'
import { createSecretMask } from '../lib/secret-mask.ts'
import type { Authentication } from './authentication.ts'
import { importPrivateKey } from './private-key.ts'

export type OAuthAuthentication = Extract<Authentication, { type: 'oauth2_client_credentials' }>

/** `lifeMs`: how long the token is good. */
export type TokenAnswer =
  | { readonly ok: true; readonly token: string; readonly lifeMs: number }
  /** `detail`: what happened, in a sentence without secrets. */
  | { readonly ok: false; readonly detail: string }

/** One request to a token endpoint may take this long, whoever waits for it. */
const requestLimitMs = 15_000
/** When the answer does not say how long the token is good. */
const defaultLifeMs = 300_000
/** Servers refuse requests with longer headers. */
const maxTokenLength = 8_192

/** Asks once. Never throws. */
export async function requestToken(
  egress: Egress,
  authentication: OAuthAuthentication,
): Promise<TokenAnswer> {
  let status: number | null = null
  const sent: string[] = []
  try {
    const server = {
      issuer: new URL(authentication.token_url).origin,
      token_endpoint: authentication.token_url,
    }
    const client = { client_id: authentication.client_id }
    const response = await clientCredentialsGrantRequest(
      server,
      client,
      await clientAuthOf(authentication),
      parametersOf(authentication),
      {
        // Whether http may be used is for the address guard to say.
        [allowInsecureRequests]: true,
        [customFetch]: async (url, { headers, body }) => {
          sent.push(...credentialsIn(headers, body))
          const answered = await fetchThrough(egress, url, headers, body)
          status = answered.status
          return answered
        },
      },
    )
    const answer = await processClientCredentialsResponse(server, client, response)
    requireUsable(answer)
    const lifeMs = answer.expires_in === undefined ? defaultLifeMs : answer.expires_in * 1_000
    return { ok: true, token: answer.access_token, lifeMs }
  } catch (error) {
    return { ok: false, detail: describe(error, { status, sent }, authentication) }
  }
}

function parametersOf({ scope, audience }: OAuthAuthentication): Record<string, string> {
  return { ...(scope ? { scope } : {}), ...(audience ? { audience } : {}) }
}

async function clientAuthOf(authentication: OAuthAuthentication): Promise<ClientAuth> {
  const { client_authentication, client_secret = '', private_key = '', key_id } = authentication
  if (client_authentication === 'client_secret_post') return ClientSecretPost(client_secret)
  if (client_authentication === 'client_secret_basic') return ClientSecretBasic(client_secret)
  const key = await importPrivateKey(private_key)
  return PrivateKeyJwt(key_id ? { key, kid: key_id } : key, {
    [modifyAssertion]: (_header, payload) => {
      // RFC 7523, section 3: the address of the token endpoint, which is what most servers take. Some want their issuer.
      payload.aud = authentication.assertion_audience ?? authentication.token_url
    },
  })
}

async function fetchThrough(
  egress: Egress,
  url: string,
  headers: Record<string, string>,
  body: URLSearchParams,
): Promise<Response> {
  const { answer, failure } = await egress.exchange({
    url,
    headers: Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    body: Buffer.from(body.toString()),
    timeLimitMs: requestLimitMs,
    owner: 'tokens',
  })
  if (failure) throw new TokenProblem(failure.finding)
  if (!answer) throw new TokenProblem('it gave no answer.')
  // No `Response` can be made of it.
  if (answer.status < 200 || answer.status > 599) throw new TokenProblem(notATokenEndpoint(answer.status))
  requireReadable(answer)
  return new Response([204, 205, 304].includes(answer.status) ? null : Buffer.from(answer.body), {
    status: answer.status,
    headers: answer.headers
      // A challenge would be reported instead of the error in the body, which says more.
      .filter(([name]) => name !== 'www-authenticate')
      .map(([name, value]) => [name, value] as [string, string]),
  })
}

/** As of receivers: what is not UTF-8 is refused and not replaced, and what is nested deep is not parsed. */
function requireReadable({ status, body }: HttpAnswer): void {
  const read = parseJson(body)
  if (read.ok || read.reason === 'invalid_json') return
  const what =
    read.reason === 'too_deep'
      ? `with JSON that is ${read.detail}`
      : `with a body that is not UTF-8: ${read.detail}`
  throw new TokenProblem(`it answered ${status} ${what}.`)
}

function requireUsable(answer: { access_token: string; token_type: string }): void {
  if (answer.token_type !== 'bearer') throw new TokenProblem('the token it gave is not a bearer token.')
  if (answer.access_token.length > maxTokenLength) {
    throw new TokenProblem(`the token it gave is longer than ${maxTokenLength} characters.`)
  }
  // RFC 6750, section 2.1: b64token, widened to what can stand in a header.
  if (!/^[\x21-\x7e]+$/.test(answer.access_token)) {
    throw new TokenProblem('the token it gave has characters that no header can carry.')
  }
}

/** What is said in it may be shown. */
class TokenProblem extends Error {}

/** How far it came: the status of the answer, and in which forms the credentials were sent. */
type Progress = { readonly status: number | null; readonly sent: readonly string[] }

/** Nothing of the answer is repeated but the error code and its description, and of these no secret. */
function describe(error: unknown, { status, sent }: Progress, authentication: OAuthAuthentication): string {
  const from = `No token could be had from ${tokenHostOf(authentication)}`
  if (error instanceof TokenProblem) return `${from}: ${error.message}`
  if (error instanceof ResponseBodyError) {
    const texts = [error.error, error.error_description].filter((text) => typeof text === 'string')
    const said = createSecretMask([authentication.client_secret ?? '', ...sent])(texts.join(', '))
    return `${from}: it answered ${error.status} with the error ${showText(said, 200)}.`
  }
  if (status === null) return `${from}: the request could not be made with these settings.`
  if (status >= 300 && status < 400) {
    return `${from}: it answered ${status}, a redirect, which is not followed. Check the token address.`
  }
  return `${from}: ${notATokenEndpoint(status)}`
}

function notATokenEndpoint(status: number): string {
  return `it answered ${status}, but not as a token endpoint of OAuth 2.0 does. Check the token address.`
}

/** What of a request proves who the client is, as it is written there. */
function credentialsIn({ authorization = '' }: Record<string, string>, body: URLSearchParams): string[] {
  const basic = authorization.slice(authorization.indexOf(' ') + 1)
  const [, password = ''] = Buffer.from(basic, 'base64').toString().split(':')
  return [basic, password, body.get('client_secret') ?? '', body.get('client_assertion') ?? '']
}

/** Host and port of the token endpoint, for people. */
export function tokenHostOf({ token_url }: OAuthAuthentication): string {
  return URL.canParse(token_url) ? new URL(token_url).host : 'the token endpoint'
}
