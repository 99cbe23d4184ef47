/** OAuth 2.0 client credentials against a real authorization server. */
import type { RequestListener } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { createEgress, type Egress } from '../../src/egress/egress.ts'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import { createEndpointAuth, type EndpointAuth } from '../../src/endpoint-auth/endpoint-auth.ts'
import type { OAuthAuthentication } from '../../src/endpoint-auth/token-request.ts'
import { fixture } from '../egress/fixtures.ts'
import { freePort } from '../support/free-port.ts'
import { type AuthorizationServer, clientSecret, startAuthorizationServer } from './authorization-server.ts'

const key = (name: string) => fixture(`client-certificates/${name}`)

let server: AuthorizationServer
let egress: Egress
let auth: EndpointAuth
let now: number

beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server.close())
beforeEach(() => {
  now = Date.parse('2026-03-01T00:00:00Z')
  egress = createEgress({ allowHttp: true, allow: parseEgressAllow('127.0.0.0/8') })
  auth = createEndpointAuth(egress, () => now)
})
afterEach(async () => {
  server.inFrontOf(null)
  await egress.close()
})

function client(change: Partial<OAuthAuthentication> = {}): OAuthAuthentication {
  return {
    type: 'oauth2_client_credentials',
    token_url: server.tokenUrl,
    client_id: 'by basic',
    client_secret: clientSecret,
    client_authentication: 'client_secret_basic',
    scope: null,
    audience: null,
    key_id: null,
    assertion_audience: null,
    ...change,
  }
}

function authorize(authentication: OAuthAuthentication, timeLimitMs = 5000, signal?: AbortSignal) {
  return auth.authorize(authentication, {
    url: 'https://receiver.example/',
    body: Buffer.from('{}'),
    timeLimitMs,
    signal,
  })
}

/** The token of a successful authorization. */
async function token(authentication: OAuthAuthentication): Promise<string> {
  const authorized = await authorize(authentication)
  if (!authorized.ok) throw new Error(authorized.detail)
  const [[name, value] = ['', '']] = authorized.headers
  expect(authorized.headers).toHaveLength(1)
  expect(name).toBe('authorization')
  expect(authorized.secretValues).toEqual([value])
  return value.replace(/^Bearer /, '')
}

async function failure(authentication: OAuthAuthentication, timeLimitMs?: number): Promise<string> {
  const authorized = await authorize(authentication, timeLimitMs)
  if (authorized.ok) throw new Error('it was authorized')
  return authorized.detail
}

/** Requests to the token endpoint while `run` ran. */
async function requestsDuring(run: () => Promise<unknown>): Promise<number> {
  const before = server.requests()
  await run()
  return server.requests() - before
}

const answer =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }

describe('a token is had', () => {
  test.each<[string, Partial<OAuthAuthentication>]>([
    ['client_secret_basic, with characters that have to be encoded', {}],
    ['client_secret_post', { client_id: 'by-post', client_authentication: 'client_secret_post' }],
    ['private_key_jwt, RS256', { client_id: 'by-rsa', private_key: 'jwt-rsa.key', key_id: 'jwt-rsa.key' }],
    ['private_key_jwt, ES256', { client_id: 'by-ec', private_key: 'client-a.key', key_id: null }],
    ['private_key_jwt, Ed25519', { client_id: 'by-ed25519', private_key: 'jwt-ed25519.key', key_id: null }],
  ])('by %s', async (_how, { private_key, ...change }) => {
    const signing: Partial<OAuthAuthentication> = private_key
      ? { client_authentication: 'private_key_jwt', private_key: key(private_key), client_secret: undefined }
      : {}
    const authentication = client({ ...change, ...signing, scope: 'hooks' })
    expect(await server.clientOf(await token(authentication))).toBe(authentication.client_id)
  })

  it('the assertion is for the token endpoint, or for the issuer where that is given', async () => {
    const below = await startAuthorizationServer({ path: '/tenant' })
    const signing = {
      token_url: below.tokenUrl,
      client_id: 'by-ec',
      client_authentication: 'private_key_jwt',
      private_key: key('client-a.key'),
      client_secret: undefined,
    } as const
    try {
      expect(await below.clientOf(await token(client(signing)))).toBe('by-ec')
      const forIssuer = client({ ...signing, assertion_audience: `${below.origin}/tenant` })
      expect(await below.clientOf(await token(forIssuer))).toBe('by-ec')
      expect(await failure(client({ ...signing, assertion_audience: 'https://elsewhere.example' }))).toMatch(
        /invalid_client/,
      )
    } finally {
      await below.close()
    }
  })

  it('scope and audience are sent as they are set', async () => {
    let sent = ''
    server.inFrontOf((request, response) => {
      request.on('data', (chunk) => (sent += chunk))
      request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(granted))
    })
    await token(client({ scope: 'a b', audience: 'urn:x' }))
    expect(Object.fromEntries(new URLSearchParams(sent))).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'urn:x',
    })
  })
})

const granted = '{"access_token":"abc","token_type":"Bearer","expires_in":600}'

describe('a token is kept', () => {
  it('until a minute before it expires', async () => {
    const first = await token(client())
    now += 3_539_000
    expect(await token(client())).toBe(first)
    now += 1_000
    expect(await token(client())).not.toBe(first)
  })

  test.each([
    ['a tenth of a short life before it expires', '100', 89_999, 90_000],
    ['for five minutes less a tenth when it does not say', null, 269_999, 270_000],
    ['also when its life is given as text', '"100"', 89_999, 90_000],
  ])('%s', async (_rule, life, keptMs, overMs) => {
    const said = life === null ? '' : `,"expires_in":${life}`
    server.inFrontOf(answer(200, `{"access_token":"abc","token_type":"Bearer"${said}}`))
    await token(client())
    now += keptMs
    expect(await requestsDuring(() => token(client()))).toBe(0)
    now += overMs - keptMs
    expect(await requestsDuring(() => token(client()))).toBe(1)
  })

  it('not for other settings: secret, scope, audience and client each have their own', async () => {
    server.inFrontOf(answer(200, granted))
    const changes = [
      {},
      { client_secret: 'other' },
      { scope: 'a' },
      { audience: 'a' },
      { client_id: 'other' },
    ]
    const run = () => Promise.all(changes.map((change) => token(client(change))))
    expect(await requestsDuring(run)).toBe(changes.length)
    expect(await requestsDuring(run)).toBe(0)
  })

  it('and asked for once by any number of callers at the same time', async () => {
    const tokens: string[] = []
    const requests = await requestsDuring(async () => {
      tokens.push(...(await Promise.all(Array.from({ length: 50 }, () => token(client())))))
    })
    expect({ requests, different: new Set(tokens).size }).toEqual({ requests: 1, different: 1 })
  })
})

describe('one caller that gives up does not fail the others', () => {
  const later: RequestListener = (_request, response) => {
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(granted), 300)
  }
  it('by its time limit', async () => {
    server.inFrontOf(later)
    const [impatient, patient] = await Promise.all([failure(client(), 20), token(client())])
    expect(impatient).toMatch(/No token came from 127\.0\.0\.1:\d+ within the time limit\./)
    expect(patient).toBe('abc')
  })
  it('by being stopped', async () => {
    server.inFrontOf(later)
    const stop = new AbortController()
    const stopped = authorize(client(), 5000, stop.signal)
    const patient = token(client())
    stop.abort()
    expect(await stopped).toEqual({ ok: false, detail: expect.stringMatching(/before the call was stopped/) })
    expect(await patient).toBe('abc')
    expect(await authorize(client({ scope: 'other' }), 5000, stop.signal)).toMatchObject({ ok: false })
  })
})

describe('the endpoint refused the token', () => {
  it('the next call gets a new one, once for all that were refused the same', async () => {
    const refused = await Promise.all(Array.from({ length: 10 }, () => authorize(client())))
    const old = refused[0]?.ok && refused[0].headers[0]?.[1]
    const requests = await requestsDuring(async () => {
      for (const one of refused) {
        if (one.ok) one.renew?.()
        const renewed = await authorize(client())
        expect(renewed.ok && renewed.headers[0]?.[1]).not.toBe(old)
      }
    })
    expect(requests).toBe(1)
  })
})

describe('a token that cannot be had', () => {
  const secretNowhere = (detail: string) => {
    for (const form of [
      clientSecret,
      encodeURIComponent(clientSecret),
      new URLSearchParams({ s: clientSecret }).toString().slice(2),
      Buffer.from(clientSecret).toString('base64'),
    ]) {
      expect(detail).not.toContain(form)
    }
  }

  it('a wrong secret: the error of the server is told, the secret is not', async () => {
    const detail = await failure(client({ client_secret: 'wrong-secret-of-mine' }))
    expect(detail).toMatch(
      /^No token could be had from 127\.0\.0\.1:\d+: it answered 401 with the error invalid_client/,
    )
    expect(detail).not.toContain('wrong-secret-of-mine')
  })

  it('a wrong key', async () => {
    const detail = await failure(
      client({
        client_id: 'by-ec',
        client_authentication: 'private_key_jwt',
        private_key: key('client-b.key'),
        client_secret: undefined,
      }),
    )
    expect(detail).toMatch(/401 with the error invalid_client/)
  })

  it('a server that repeats what it was sent', async () => {
    const repeated: RequestListener = (request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', () => {
        const error_description = `${request.headers.authorization} ${body} ${decodeURIComponent(body)}`
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: 'x', error_description }))
      })
    }
    server.inFrontOf(repeated)
    const basic = await failure(client())
    expect(basic).toMatch(/answered 400 with the error x/)
    expect(basic).not.toContain(Buffer.from(`by+basic:`).toString('base64').slice(0, 10))
    secretNowhere(basic)
    const post = await failure(client({ client_id: 'by-post', client_authentication: 'client_secret_post' }))
    secretNowhere(post)
    const assertion = await failure(
      client({
        client_authentication: 'private_key_jwt',
        private_key: key('client-a.key'),
        client_secret: undefined,
      }),
    )
    expect(assertion).not.toContain('eyJ')
  })

  test.each<[string, RequestListener, RegExp]>([
    ['a page that is not there', answer(404, '<html>'), /answered 404, but not as a token endpoint/],
    ['an answer that is not JSON', answer(200, 'hello'), /answered 200, but not as a token endpoint/],
    [
      'a token that is not UTF-8',
      answer(200, Buffer.from('{"access_token":"s3cret\xff","token_type":"Bearer"}', 'latin1')),
      /answered 200 with a body that is not UTF-8: /,
    ],
    [
      'JSON that is nested deep',
      answer(
        200,
        `{"access_token":"s3cret","token_type":"Bearer","more":${'['.repeat(64)}${']'.repeat(64)}}`,
      ),
      /answered 200 with JSON that is nested deeper than 64 levels/,
    ],
    ['JSON without a token', answer(200, '{"token_type":"Bearer"}'), /answered 200, but not as/],
    [
      'a redirect',
      answer(302, '', { location: 'http://127.0.0.1/' }),
      /answered 302, a redirect, which is not followed/,
    ],
    ['a status that HTTP does not know', answer(999, '{}'), /answered 999, but not as a token endpoint/],
    ['no content, with a status that forbids it', answer(205, ''), /answered 205, but not as/],
    [
      'a challenge and an error',
      answer(401, '{"error":"invalid_client"}', { 'www-authenticate': 'Basic' }),
      /401 with the error invalid_client/,
    ],
    [
      'a token of another type',
      answer(200, '{"access_token":"a","token_type":"DPoP"}'),
      /not a bearer token/,
    ],
    [
      'a token that no header can carry',
      answer(200, '{"access_token":"s3cret\\r\\nx: y","token_type":"Bearer"}'),
      /no header can carry/,
    ],
    [
      'a token without end',
      answer(200, `{"access_token":"${'s3cret'.repeat(5000)}","token_type":"Bearer"}`),
      /longer than 8192/,
    ],
    ['a body without end', answer(200, ' '.repeat(1_100_000)), /at most 1048576 bytes/],
    [
      'a connection that is closed',
      (request) => void request.socket.destroy(),
      /closed the connection without an answer/,
    ],
  ])('%s', async (_what, listener, finding) => {
    server.inFrontOf(listener)
    const detail = await failure(client())
    expect(detail).toMatch(finding)
    expect(detail).not.toContain('s3cret')
  })

  it('nothing listens', async () => {
    const detail = await failure(client({ token_url: `http://127.0.0.1:${await freePort()}/token` }))
    expect(detail).toMatch(/Nothing answers at 127\.0\.0\.1/)
  })

  test.each([
    'http://10.0.0.1/token',
    'http://169.254.169.254/latest/meta-data',
    'http://metadata.google.internal/token',
    'ftp://127.0.0.1/token',
    'not a url',
  ])('the address guard stands before it: %s', async (token_url) => {
    const detail = await failure(client({ token_url }))
    expect(detail).toMatch(/may not be called|Use https|uses ftp|could not be made/)
  })

  it('is asked for again after a second, not at once', async () => {
    server.inFrontOf(answer(400, '{"error":"invalid_scope"}'))
    const once = await requestsDuring(async () => {
      for (let call = 0; call < 5; call++) await failure(client())
    })
    expect(once).toBe(1)
    server.inFrontOf(null)
    now += 1_000
    expect(await server.clientOf(await token(client()))).toBe('by basic')
  })
})
