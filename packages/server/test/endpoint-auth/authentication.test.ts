/** What may be said about authentication, what is kept of it, and what is stored where. */
import {
  authenticationChange,
  authenticationInput,
  authenticationRead,
} from '@keyhook/contract/api/authentication.ts'
import { authenticationTypes } from '@keyhook/contract/authentication-kinds.ts'
import { describe, expect, it, test } from 'vitest'
import {
  type Authentication,
  headersOf,
  joinAuthentication,
  mergeAuthentication,
  readAuthentication,
  secretsOf,
  splitAuthentication,
} from '../../src/endpoint-auth/authentication.ts'
import type { MemberError } from '../../src/lib/problem-error.ts'
import { fixture } from '../egress/fixtures.ts'

const key = (name: string) => fixture(`client-certificates/${name}`)

const oauth = {
  type: 'oauth2_client_credentials',
  token_url: 'https://login.example.com/token',
  client_id: 'keyhook',
  client_secret: 's3cret-of-client',
  client_authentication: 'client_secret_basic',
  scope: null,
  audience: null,
  key_id: null,
  assertion_audience: null,
} as const satisfies Authentication
const byKey = {
  ...oauth,
  client_authentication: 'private_key_jwt',
  client_secret: undefined,
  private_key: key('client-a.key'),
} as const satisfies Authentication
const aws = {
  type: 'aws_signature_v4',
  region: 'eu-central-1',
  service: 'lambda',
  access_key_id: 'AKIDEXAMPLE0000000',
  secret_access_key: 's3cret-access-key',
  session_token: 's3cret-session',
} as const satisfies Authentication

/** One of each kind, with the names of its secrets. */
const kinds: [Authentication, secrets: string[]][] = [
  [{ type: 'none' }, []],
  [{ type: 'header', name: 'X-Api-Key', value: 's3cret-value' }, ['value']],
  [{ type: 'basic', username: 'keyhook', password: 's3cret-päss' }, ['password']],
  [{ type: 'bearer', token: 's3cret-token' }, ['token']],
  [oauth, ['client_secret']],
  [byKey, ['private_key']],
  [aws, ['secret_access_key', 'session_token']],
]

function merge(
  change: unknown,
  { stored = null as Authentication | null, sameOrigin = true } = {},
): { authentication: Authentication; errors: MemberError[] } {
  const errors: MemberError[] = []
  const parsed = change === undefined || change === null ? change : authenticationChange.parse(change)
  const authentication = mergeAuthentication(parsed, { stored, sameOrigin, at: '/authentication' }, errors)
  return { authentication, errors }
}

/** Without its secrets: what a form sends that leaves them as they are. */
const open = (authentication: Authentication) => splitAuthentication(authentication).settings
const pointers = (errors: readonly MemberError[]) => errors.map(({ pointer }) => pointer)
const at = (names: readonly string[]) => names.map((name) => `/authentication/${name}`)

describe.each(kinds)('$type', (authentication, secrets) => {
  it('is accepted when it is new, and is what it was', () => {
    expect(authenticationInput.parse(authentication)).toEqual(authentication)
    expect(merge(authentication)).toEqual({ authentication, errors: [] })
  })

  it('is stored in two parts, the open one without a secret, and is put together again', () => {
    const parts = splitAuthentication(authentication)
    expect(Object.keys(parts.secrets ?? {})).toEqual(secrets)
    expect(JSON.stringify(parts.settings)).not.toMatch(/s3cret|PRIVATE/)
    const stored = JSON.parse(JSON.stringify(parts))
    expect(joinAuthentication(stored.settings, stored.secrets)).toEqual(
      JSON.parse(JSON.stringify(authentication)),
    )
  })

  it('is read back without a secret', () => {
    const read = readAuthentication(authentication)
    expect(authenticationRead.parse(read)).toEqual(read)
    expect(JSON.stringify(read)).not.toMatch(/s3cret|PRIVATE/)
    for (const name of secrets) expect(read).toHaveProperty(name, { is_set: true })
  })

  it('names all of its secrets for redaction', () => {
    for (const secret of Object.values(splitAuthentication(authentication).secrets ?? {})) {
      expect(secretsOf(authentication)).toContain(secret)
    }
  })

  it('keeps its secrets when they are left out, or nothing is said at all', () => {
    expect(merge(open(authentication), { stored: authentication })).toEqual({ authentication, errors: [] })
    expect(merge(undefined, { stored: authentication })).toEqual({ authentication, errors: [] })
  })

  it('gives up each secret but the optional one when the endpoint moves to another origin', () => {
    const needed = secrets.filter((name) => name !== 'session_token')
    const moved = { stored: authentication, sameOrigin: false }
    const said = merge(open(authentication), moved)
    expect(pointers(said.errors)).toEqual(at(needed))
    expect(secretsOf(said.authentication).join()).not.toMatch(/s3cret|PRIVATE/)
    const unsaid = merge(undefined, moved)
    expect(pointers(unsaid.errors)).toEqual(at(secrets))
    for (const { detail } of [...said.errors, ...unsaid.errors])
      expect(detail).toMatch(/points to another server/)
    expect(merge(authentication, moved)).toEqual({ authentication, errors: [] })
  })

  it('has no secret to keep when it was of another kind before, or is new', () => {
    const needed = secrets.filter((name) => name !== 'session_token')
    const others = kinds.flatMap(([other]) => (other.type === authentication.type ? [] : [other]))
    for (const stored of [null, ...others]) {
      const { errors } = merge(open(authentication), { stored })
      expect(pointers(errors)).toEqual(at(needed))
    }
  })

  it('null takes it away', () => {
    expect(merge(null, { stored: authentication })).toEqual({ authentication: { type: 'none' }, errors: [] })
  })
})

describe('OAuth', () => {
  it('keeps the secret for the origin of its token address only, whatever the endpoint URL is', () => {
    const elsewhere = { ...open(oauth), token_url: 'https://evil.example/token' }
    const { authentication, errors } = merge(elsewhere, { stored: oauth })
    expect(pointers(errors)).toEqual(['/authentication/client_secret'])
    expect(errors[0]?.detail).toMatch(/token address now points to another server/)
    expect(JSON.stringify(authentication)).not.toContain('s3cret')
    expect(
      merge({ ...open(oauth), token_url: 'https://login.example.com/v2' }, { stored: oauth }).errors,
    ).toEqual([])
  })

  test.each([
    ['http instead of https', 'http://login.example.com/token'],
    ['another port', 'https://login.example.com:8443/token'],
    ['another spelling of another host', 'https://login.example.com.evil.example/token'],
    ['not a URL', 'login.example.com'],
  ])('%s is another origin', (_what, token_url) => {
    expect(merge({ ...open(oauth), token_url }, { stored: oauth }).errors).toHaveLength(1)
  })

  it('wants the secret or the key, as it proves itself, and says so of the other', () => {
    const both = { ...byKey, client_secret: 's3cret-of-client' }
    expect(merge(both).errors).toEqual([
      {
        pointer: '/authentication/client_secret',
        detail: expect.stringMatching(/proves itself by private_key: leave client_secret out/),
      },
    ])
    const wrong = merge({ ...byKey, client_authentication: 'client_secret_post' })
    expect(pointers(wrong.errors).sort()).toEqual(at(['client_secret', 'private_key']))
    expect(secretsOf(wrong.authentication)).toEqual([])
  })

  it('forgets the secret when it goes over to a key, and the other way round', () => {
    const toKey = merge({ ...open(byKey), private_key: byKey.private_key }, { stored: oauth })
    expect(toKey.errors).toEqual([])
    expect(splitAuthentication(toKey.authentication).secrets).toEqual({ private_key: byKey.private_key })
    const { errors } = merge(open(oauth), { stored: byKey })
    expect(pointers(errors)).toEqual(['/authentication/client_secret'])
  })
})

it('AWS: null takes the session token away', () => {
  const { authentication, errors } = merge({ ...open(aws), session_token: null }, { stored: aws })
  expect(errors).toEqual([])
  expect(splitAuthentication(authentication).secrets).toEqual({ secret_access_key: 's3cret-access-key' })
})

it('HTTP Basic: what is sent counts as a secret too', () => {
  const basic = { type: 'basic', username: 'keyhook', password: 'geheim' } as const
  expect(secretsOf(basic)).toContain(Buffer.from('keyhook:geheim').toString('base64'))
})

test.each<[Authentication, string[]]>([
  [{ type: 'none' }, []],
  [{ type: 'header', name: 'X-Api-Key', value: 'v' }, ['x-api-key']],
  [{ type: 'basic', username: 'u', password: 'p' }, ['authorization']],
  [{ type: 'bearer', token: 't' }, ['authorization']],
  [oauth, ['authorization']],
  [aws, ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token']],
])('custom headers leave to $type the headers that it sets', (authentication, names) => {
  expect(headersOf(authentication)).toEqual(names)
})

describe('a value that cannot be right is refused where it is, and not repeated', () => {
  test.each<[string, Record<string, unknown>, member: string]>([
    ['a name that frames the request', { type: 'header', name: 'Host', value: 's3cret' }, 'name'],
    ['a name that Keyhook sets', { type: 'header', name: 'webhook-id', value: 's3cret' }, 'name'],
    ['a name that is none', { type: 'header', name: 'x api key: s3cret', value: 's3cret' }, 'name'],
    ['a line break in a header', { type: 'header', name: 'x-key', value: 's3cret\r\nx-evil: 1' }, 'value'],
    ['a space around a header', { type: 'header', name: 'x-key', value: ' s3cret' }, 'value'],
    ['text that is not ASCII in a header', { type: 'header', name: 'x-key', value: 's3crét' }, 'value'],
    ['a line break in a password', { type: 'basic', username: 'u', password: 's3cret\n' }, 'password'],
    ['a space in a token', { type: 'bearer', token: 'Bearer s3cret' }, 'token'],
    ['a line break in a token', { type: 'bearer', token: 's3cret\n' }, 'token'],
    ['a line break in a client secret', { ...oauth, client_secret: 's3cret\n' }, 'client_secret'],
    ['a line break in an access key', { ...aws, secret_access_key: 's3cret\n' }, 'secret_access_key'],
    ['a line break in a session token', { ...aws, session_token: 's3cret\r\nx: y' }, 'session_token'],
    ['a key that is none', { ...byKey, private_key: 's3cret' }, 'private_key'],
    ['a key that is cut off', { ...byKey, private_key: byKey.private_key.slice(0, 100) }, 'private_key'],
    ['a certificate instead of the key', { ...byKey, private_key: key('client-a.pem') }, 'private_key'],
    ['an encrypted key', { ...byKey, private_key: key('client-a-encrypted.key') }, 'private_key'],
    ['a short key', { ...byKey, private_key: key('weak.key') }, 'private_key'],
    ['a key that cannot sign', { ...byKey, private_key: key('x25519.key') }, 'private_key'],
  ])('%s', (_what, change, member) => {
    const { errors } = merge(change)
    expect(pointers(errors)).toEqual([`/authentication/${member}`])
    expect(JSON.stringify(errors)).not.toMatch(/s3cret(?!…)|MII|MIG/)
  })

  it('with advice how to decrypt a key', () => {
    const { errors } = merge({ ...byKey, private_key: key('client-a-encrypted.key') })
    expect(errors[0]?.detail).toMatch(/openssl pkey/)
  })

  test.each(
    kinds.flatMap(([authentication, secrets]) =>
      secrets.map((name): [string, string, Authentication] => [authentication.type, name, authentication]),
    ),
  )('the mask as %s %s: it would take the place of the secret', (_type, name, authentication) => {
    for (const mask of ['••••••', '********']) {
      const { errors } = merge({ ...authentication, [name]: mask }, { stored: authentication })
      expect(pointers(errors)).toEqual([`/authentication/${name}`])
      if (name !== 'private_key')
        expect(errors[0]?.detail).toMatch(/leave the member out to keep the stored one/)
    }
  })
})

describe('the schema', () => {
  test.each<[string, unknown]>([
    ['an unknown type', { type: 'digest' }],
    ['no type', { token: 'a' }],
    ['members of another type', { type: 'bearer', token: 'a', password: 'b' }],
    ['what is read back', { type: 'bearer', token: { is_set: true } }],
    ['an empty secret', { type: 'bearer', token: '' }],
    ['a secret without end', { type: 'bearer', token: 'a'.repeat(5000) }],
    ['null for a secret that is needed', { type: 'bearer', token: null }],
    ['a colon in the user name of HTTP Basic', { type: 'basic', username: 'a:b', password: 'c' }],
    ['a user name that is not ASCII', { type: 'basic', username: 'jürgen', password: 'c' }],
    ['no client id', { ...oauth, client_id: '' }],
    ['no token address', { ...oauth, token_url: '' }],
    ['an unknown client authentication', { ...oauth, client_authentication: 'tls_client_auth' }],
    ['a region that is none', { ...aws, region: 'eu-central-1/x' }],
    ['a service that is none', { ...aws, service: 'https://lambda' }],
    ['an access key id that is none', { ...aws, access_key_id: 'AKID EXAMPLE' }],
  ])('refuses %s', (_what, value) => {
    expect(authenticationInput.safeParse(value).success).toBe(false)
    expect(authenticationChange.safeParse(value).success).toBe(false)
  })

  it('wants the secrets of something new, and lets a change leave them out', () => {
    for (const [authentication, secrets] of kinds) {
      expect(authenticationChange.safeParse(open(authentication)).success).toBe(true)
      // Which of the two OAuth needs is told by the merge.
      const mayLack = secrets.length === 0 || authentication.type === oauth.type
      expect(authenticationInput.safeParse(open(authentication)).success).toBe(mayLack)
    }
  })

  it('has a sentence for people about each kind', () => {
    expect(new Set(kinds.map(([{ type }]) => type))).toEqual(new Set(authenticationTypes))
  })
})
