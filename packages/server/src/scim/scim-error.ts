/** Errors in the form of RFC 7644, 3.12, in which clients of `/scim/v2` are told. Pure. */
import { problemCodes } from '@keyhook/contract/api/problem.ts'
import type { MemberError, ProblemError } from '../lib/problem-error.ts'

export const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** The keywords of RFC 7644, table 9, that we use. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'

/** An error that the SCIM client is told; `message` is for the person who reads its log. */
export class ScimError extends Error {
  override name = 'ScimError'
  readonly status: number
  readonly scimType: ScimType | null
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    scimType: ScimType | null,
    detail: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.status = status
    this.scimType = scimType
    this.headers = headers
  }
}

export function invalidValue(detail: string): ScimError {
  return new ScimError(400, 'invalidValue', detail)
}

/** The same answer for what never existed and what was deleted. */
export function noSuchResource(type: 'User' | 'Group', id: string): ScimError {
  return new ScimError(404, null, `There is no ${type} with the id ${id}.`)
}

export type ErrorBody = { schemas: string[]; status: string; scimType?: ScimType; detail: string }

export function errorBody({ status, scimType, message }: ScimError): ErrorBody {
  return {
    schemas: [errorUrn],
    status: String(status),
    ...(scimType && { scimType }),
    detail: message,
  }
}

/** A problem of the directory, told as SCIM tells it. */
export function scimErrorOf(problem: ProblemError): ScimError {
  const { code, message, errors, headers } = problem
  if (code === 'user_exists' || code === 'group_exists')
    return new ScimError(409, 'uniqueness', message, headers)
  if (code === 'validation_failed') return invalidValue(inScimWords(errors, message))
  if (code === 'invalid_json') return new ScimError(400, 'invalidSyntax', message, headers)
  // Not a matter of the request's form: the client may not do this at all.
  if (code === 'last_administrator' || code === 'own_account')
    return new ScimError(403, null, message, headers)
  return new ScimError(problemCodes[code].status, null, message, headers)
}

/** The names of our members as SCIM has them. */
const scimNames: Readonly<Record<string, string>> = {
  user_name: 'userName',
  email: 'emails',
  given_name: 'name.givenName',
  family_name: 'name.familyName',
  manager_id: 'manager',
  name: 'displayName',
}

function inScimWords(errors: readonly MemberError[], message: string): string {
  if (errors.length === 0) return message
  return errors
    .map(({ pointer, detail }) => {
      const member = pointer.slice(1)
      const name = Object.hasOwn(scimNames, member) ? scimNames[member] : member
      return `${name}: ${detail}`
    })
    .join(' ')
}
