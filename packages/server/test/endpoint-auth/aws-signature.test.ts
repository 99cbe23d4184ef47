/** AWS Signature Version 4: the published cases, and requests checked on arrival as AWS does. */
import { createHash, createHmac } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { afterAll, describe, expect, it, test } from 'vitest'
import { createEgress } from '../../src/egress/egress.ts'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import type { Authentication } from '../../src/endpoint-auth/authentication.ts'
import { signAws } from '../../src/endpoint-auth/aws-signature.ts'
import { createEndpointAuth } from '../../src/endpoint-auth/endpoint-auth.ts'
import { fixture } from '../egress/fixtures.ts'
import { type Received, startReceiver } from '../support/receiver.ts'

const cases = readdirSync(new URL('../../../../test/fixtures/aws-sigv4/v4/', import.meta.url))

/** Published cases that ask for what we never do, and why. */
const leftOut = new Map([
  ...[
    'get-relative-relative-unnormalized',
    'get-relative-unnormalized',
    'get-slash-dot-slash-unnormalized',
    'get-slash-pointless-dot-unnormalized',
    'get-slash-unnormalized',
    'get-slashes-unnormalized',
  ].map((name) => [name, 'paths are taken as they are by S3 only, and no webhook is POSTed there'] as const),
  ['post-sts-header-after', 'the session token is always signed, not added afterwards'],
])

const part = (name: string, file: string) => fixture(`aws-sigv4/v4/${name}/${file}`).trimEnd()

/** The raw request of a case, taken apart. */
function requestOf(name: string) {
  const [head = '', body = ''] = part(name, 'request.txt').split('\n\n')
  const [line = '', ...lines] = head.split('\n')
  const [, method = '', path = '', query = ''] = /^(\S+) ([^?]*)\??(.*) HTTP\/1\.1$/.exec(line) ?? []
  const headers: Record<string, string> = {}
  let last = ''
  for (const text of lines) {
    // A line that starts with a space goes on with the value before.
    if (/^\s/.test(text)) headers[last] += `\n${text}`
    else {
      last = text.slice(0, text.indexOf(':')).toLowerCase()
      const value = text.slice(text.indexOf(':') + 1)
      headers[last] = last in headers ? `${headers[last]},${value}` : value
    }
  }
  const search = new URLSearchParams(query)
  const parameters = Object.fromEntries([...new Set(search.keys())].map((key) => [key, search.getAll(key)]))
  return { method, path, query: parameters, headers, body: Buffer.from(body) }
}

describe('the published cases', () => {
  test.each(cases.filter((name) => !leftOut.has(name)))('%s', async (name) => {
    const { credentials, region, service, sign_body, timestamp } = JSON.parse(part(name, 'context.json'))
    const headers = await signAws(
      {
        region,
        service,
        access_key_id: credentials.access_key_id,
        secret_access_key: credentials.secret_access_key,
        ...(credentials.token ? { session_token: credentials.token } : {}),
      },
      requestOf(name),
      { now: Date.parse(timestamp), hashHeader: sign_body },
    )
    const signed = /^Authorization:(.*)$/m.exec(part(name, 'header-signed-request.txt'))?.[1]
    expect(headers.authorization).toBe(signed?.trim())
    expect(headers.authorization).toContain(part(name, 'header-signature.txt'))
  })

  test.each([...leftOut])('%s is left out: %s', (name) => {
    expect(cases).toContain(name)
  })

  it('are 38, of which 31 are run', () => {
    expect({ published: cases.length, run: cases.filter((name) => !leftOut.has(name)).length }).toEqual({
      published: 38,
      run: 31,
    })
  })
})

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const aws = {
  type: 'aws_signature_v4',
  region: 'eu-central-1',
  service: 'lambda',
  access_key_id: 'AKIDEXAMPLE0000000',
  secret_access_key: secretAccessKey,
} as const satisfies Authentication
const now = Date.parse('2026-03-01T12:34:56.789Z')

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: Uint8Array | string, data: string) => createHmac('sha256', key).update(data).digest()
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** What AWS computes from a request as it arrived, after its documentation ("Create a signed AWS API request"). */
function signatureOf({ method, path, headers, body }: Received): { signature: string; signed: string[] } {
  const [, day = '', region = '', service = '', list = ''] =
    /^AWS4-HMAC-SHA256 Credential=\w+\/(\d+)\/([\w-]+)\/([\w-]+)\/aws4_request, SignedHeaders=([\w;-]+),/.exec(
      headers.authorization ?? '',
    ) ?? []
  const [rawPath = '', rawQuery = ''] = path.split('?')
  const signed = list.split(';')
  const canonical = [
    method,
    rawPath.split('/').map(encode).join('/'),
    [...new URLSearchParams(rawQuery)]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&'),
    ...signed.map((name) => `${name}:${headers[name]}`),
    '',
    list,
    sha256(body),
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<Uint8Array | string>(
    hmac,
    `AWS4${secretAccessKey}`,
  )
  return { signature: hmac(key, text).toString('hex'), signed }
}

describe('a request as it arrives', async () => {
  const receiver = await startReceiver()
  const egress = createEgress({ allowHttp: true, allow: parseEgressAllow('127.0.0.0/8') })
  const auth = createEndpointAuth(egress, () => now)
  afterAll(async () => {
    await egress.close()
    await receiver.close()
  })

  async function arrived(path: string, authentication: Authentication = aws, body = '{"é":1}') {
    const url = receiver.url.replace('/hook', path)
    const bytes = Buffer.from(body)
    const authorized = await auth.authorize(authentication, { url, body: bytes, timeLimitMs: 5000 })
    if (!authorized.ok) throw new Error(authorized.detail)
    const headers = [['content-type', 'application/json'], ['x-other', '1'], ...authorized.headers] as const
    await egress.exchange({ url, headers, body: bytes, timeLimitMs: 5000 })
    return { got: receiver.received.at(-1) as Received, authorized }
  }

  test.each([
    '/',
    '/2015-03-31/functions/hook/invocations',
    '/a%20b/é/(c)*!',
    '/?b=2&a=1&a=0&c=',
    '/?q=a%20b+c%2Bd&%C3%A9=%2F~',
    '/stage//double/',
  ])('has the signature that AWS would compute: %s', async (path) => {
    const { got } = await arrived(path)
    // AWS merges slashes before it signs.
    const { signature, signed } = signatureOf({ ...got, path: got.path.replace(/\/{2,}/g, '/') })
    expect(got.headers.authorization).toContain(`Signature=${signature}`)
    expect(signed).toEqual(['content-type', 'host', 'x-amz-content-sha256', 'x-amz-date'])
  })

  it('carries its time, the hash of its exact bytes, and the session token, which is signed too', async () => {
    const { got, authorized } = await arrived('/', { ...aws, session_token: 'session/token==' })
    expect(got.headers).toMatchObject({
      'x-amz-date': '20260301T123456Z',
      'x-amz-content-sha256': sha256(got.body),
      'x-amz-security-token': 'session/token==',
    })
    const { signature, signed } = signatureOf(got)
    expect(signed).toContain('x-amz-security-token')
    expect(got.headers.authorization).toContain(`Signature=${signature}`)
    expect(authorized.secretValues).toEqual(
      expect.arrayContaining(['session/token==', got.headers.authorization]),
    )
    expect(authorized.secretValues).toHaveLength(2)
    expect(JSON.stringify(got.headers)).not.toContain(secretAccessKey)
  })

  it('changed on the way, it no longer fits its signature', async () => {
    const { got } = await arrived('/')
    const { signature } = signatureOf({ ...got, body: Buffer.from('{"é":2}') })
    expect(got.headers.authorization).not.toContain(signature)
  })
})
