/** Endpoint authentication as it is held in memory and stored, and how a change is merged into it. Pure. */
import type {
  AuthenticationChange,
  AuthenticationInput,
  AuthenticationRead,
} from '@keyhook/contract/api/authentication.ts'
import type { MemberError } from '../lib/problem-error.ts'
import { authenticationProblems } from './authentication-problems.ts'

/** With its secrets in the clear: lives in memory only while it is used. */
export type Authentication = AuthenticationInput

/** Which members of each kind are secret. */
const secretMembers: Readonly<Record<Authentication['type'], readonly string[]>> = {
  none: [],
  header: ['value'],
  basic: ['password'],
  bearer: ['token'],
  oauth2_client_credentials: ['client_secret', 'private_key'],
  aws_signature_v4: ['secret_access_key', 'session_token'],
}

type Members = Readonly<Record<string, unknown>>

/** The open part and the secrets, to be stored apart. */
export function splitAuthentication(authentication: Authentication): {
  settings: Record<string, unknown>
  secrets: Record<string, string> | null
} {
  const secret = secretMembers[authentication.type]
  const entries = Object.entries(authentication).filter(([, value]) => value !== undefined)
  const secrets = entries.filter(([name]) => secret.includes(name)) as [string, string][]
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !secret.includes(name))),
    secrets: secrets.length > 0 ? Object.fromEntries(secrets) : null,
  }
}

/** The inverse of `splitAuthentication`. */
export function joinAuthentication(settings: Members, secrets: Readonly<Record<string, string>> | null) {
  return { ...settings, ...secrets } as Authentication
}

/** As the API shows it. */
export function readAuthentication(authentication: Authentication): AuthenticationRead {
  const { settings, secrets } = splitAuthentication(authentication)
  const shown = Object.fromEntries(Object.keys(secrets ?? {}).map((name) => [name, { is_set: true }]))
  return { ...settings, ...shown } as AuthenticationRead
}

/** Stands for a stored secret that cannot be read. */
export const unknownSecret = 'unknown'

/** The secrets that an authentication must have, when their values cannot be read. */
export function neededSecrets(settings: Members): Record<string, string> {
  const authentication = settings as AuthenticationChange
  const needed = secretMembers[authentication.type].filter((name) => isNeeded(authentication, name))
  return Object.fromEntries(needed.map((name) => [name, unknownSecret]))
}

/** All secret values, also in the form in which they are sent. */
export function secretsOf(authentication: Authentication): string[] {
  const { secrets } = splitAuthentication(authentication)
  const values = Object.values(secrets ?? {})
  if (authentication.type === 'basic') values.push(basicCredentials(authentication))
  return values
}

/** Headers that an authentication sets, in lower case; a custom header of the same name would clash. */
export function headersOf(authentication: Pick<Authentication, 'type'> & { name?: string }): string[] {
  if (authentication.type === 'none') return []
  if (authentication.type === 'header') return [(authentication.name ?? '').toLowerCase()]
  if (authentication.type !== 'aws_signature_v4') return ['authorization']
  return ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token']
}

/** RFC 7617: `user:password` in base64. */
export function basicCredentials({ username, password }: { username: string; password: string }): string {
  return Buffer.from(`${username}:${password}`).toString('base64')
}

export type MergeContext = {
  stored: Authentication | null
  /** Whether the endpoint URL still has the origin that the stored secrets were entered for. */
  sameOrigin: boolean
  /** Pointer of the authentication in the request. */
  at: string
}

/**
 * The authentication after a change: absent keeps, null clears, and a secret that is left out keeps its stored value.
 * That is kept only where it goes to whom it was entered for, which for OAuth is the token endpoint: otherwise whoever
 * may edit a webhook could send its secrets to a server of their own. What is wrong is added to `errors`.
 */
export function mergeAuthentication(
  change: AuthenticationChange | null | undefined,
  { stored, sameOrigin, at }: MergeContext,
  errors: MemberError[],
): Authentication {
  if (change === null) return { type: 'none' }
  if (change === undefined) {
    if (stored === null) return { type: 'none' }
    // Nothing was said, but the endpoint moved: every secret has to be given again.
    const { settings, secrets } = splitAuthentication(stored)
    if (sameOrigin || secrets === null) return stored
    for (const name of Object.keys(secrets)) errors.push({ pointer: `${at}/${name}`, detail: movedAway })
    return joinAuthentication(settings, null)
  }
  const known = stored && stored.type === change.type && sameOrigin ? stored : null
  const merged = { ...change } as Record<string, unknown>
  for (const name of secretMembers[change.type]) {
    const given = merged[name]
    if (given === null) delete merged[name]
    else if (given === undefined) {
      const kept = known && goesToSameServer(known, change) ? (known as Members)[name] : undefined
      if (kept !== undefined) merged[name] = kept
      else if (isNeeded(change, name)) {
        errors.push({ pointer: `${at}/${name}`, detail: missing(stored, change, sameOrigin) })
      }
    } else if (isOther(change, name)) {
      errors.push({ pointer: `${at}/${name}`, detail: otherSecret(change) })
    }
  }
  const authentication = merged as Authentication
  if (authentication.type === 'oauth2_client_credentials') dropOtherSecret(authentication)
  errors.push(...authenticationProblems(authentication, at))
  return authentication
}

const movedAway = 'The endpoint URL now points to another server: enter it again.'

function missing(stored: Authentication | null, change: AuthenticationChange, sameOrigin: boolean): string {
  if (stored?.type !== change.type) return 'Enter a value.'
  if (!sameOrigin) return movedAway
  return goesToSameServer(stored, change)
    ? 'Enter a value.'
    : 'The token address now points to another server: enter it again.'
}

function goesToSameServer(stored: Authentication, change: AuthenticationChange): boolean {
  if (stored.type !== 'oauth2_client_credentials' || change.type !== stored.type) return true
  return originOf(stored.token_url) === originOf(change.token_url)
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url
}

function isNeeded(change: AuthenticationChange, name: string): boolean {
  return name !== 'session_token' && !isOther(change, name)
}

/** An OAuth client proves itself by a secret or by a key, so one of the two is of no use. */
function isOther(change: AuthenticationChange, name: string): boolean {
  if (change.type !== 'oauth2_client_credentials') return false
  return (name === 'private_key') !== (change.client_authentication === 'private_key_jwt')
}

function otherSecret(change: AuthenticationChange): string {
  const { client_authentication: by } = change as Extract<
    Authentication,
    { type: 'oauth2_client_credentials' }
  >
  const [right, wrong] =
    by === 'private_key_jwt' ? ['private_key', 'client_secret'] : ['client_secret', 'private_key']
  return `With ${by} the client proves itself by ${right}: leave ${wrong} out.`
}

function dropOtherSecret(authentication: Authentication & { type: 'oauth2_client_credentials' }): void {
  if (authentication.client_authentication === 'private_key_jwt') delete authentication.client_secret
  else delete authentication.private_key
}
