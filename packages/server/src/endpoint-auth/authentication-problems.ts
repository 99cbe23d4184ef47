/** What is wrong with the values of an endpoint authentication, beyond what the schema says. No value is repeated. */
import type { AuthenticationInput } from '@keyhook/contract/api/authentication.ts'
import { checkHeader } from '../egress/request-headers.ts'
import type { MemberError } from '../lib/problem-error.ts'
import { isMask } from '../lib/secret-mask.ts'
import { privateKeyProblem } from './private-key.ts'

/** `at`: pointer of the authentication. Members that are not there are not judged. */
export function authenticationProblems(authentication: AuthenticationInput, at: string): MemberError[] {
  return Object.entries(authentication).flatMap(([member, value]) => {
    if (typeof value !== 'string') return []
    const detail = problemOf(authentication, member, value)
    return detail ? [{ pointer: `${at}/${member}`, detail }] : []
  })
}

function problemOf({ type }: AuthenticationInput, member: string, value: string): string | null {
  if (isSecret.has(member) && isMask(value)) {
    return 'This is the mask, not the secret: enter the secret, or leave the member out to keep the stored one.'
  }
  switch (member) {
    case 'name':
      return checkHeader(value, 'x')
    case 'value':
      // Wrong names have an error of their own.
      return checkHeader('x-value', value)?.replace('of the header "x-value" ', '') ?? null
    case 'token':
    case 'secret_access_key':
    case 'session_token':
      // RFC 6750, section 2.1: b64token, widened to what tools hand out.
      return /^[\x21-\x7e]+$/.test(value)
        ? null
        : 'It has letters, digits and ASCII punctuation, no spaces or line breaks.'
    case 'client_secret':
      // RFC 6749, appendix A.2.
      return /^[\x20-\x7e]+$/.test(value)
        ? null
        : 'It has letters, digits, spaces and ASCII punctuation, no line breaks.'
    case 'password':
      return /\p{Cc}/u.test(value) ? 'A password has no line breaks or other control characters.' : null
    case 'private_key':
      return type === 'oauth2_client_credentials' ? privateKeyProblem(value) : null
    default:
      return null
  }
}

const isSecret: ReadonlySet<string> = new Set([
  'value',
  'token',
  'password',
  'client_secret',
  'secret_access_key',
  'session_token',
])
