/** A real authorization server on loopback, which knows three clients: by secret in two ways, and by signed assertion. */
import { createPublicKey } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import { fixture } from '../egress/fixtures.ts'

export type AuthorizationServer = {
  readonly origin: string
  readonly tokenUrl: string
  /** How many requests the token endpoint got. */
  readonly requests: () => number
  /** Puts something in front of the token endpoint; null takes it away. */
  inFrontOf(listener: RequestListener | null): void
  /** Milliseconds that every answer takes from now on. */
  delay(ms: number): void
  /** The client that a token was given to, or null for one that is not known. */
  clientOf(token: string): Promise<string | null>
  close(): Promise<void>
}

/** What only the clients know. */
export const clientSecret = 'correct-horse+battery/staple=%&'

/** `lifeSeconds`: how long a token is good. */
export async function startAuthorizationServer({
  lifeSeconds = 3600,
  path = '',
} = {}): Promise<AuthorizationServer> {
  let front: RequestListener | null = null
  let requests = 0
  let delayMs = 0
  let handle: RequestListener = (_request, response) => response.end()
  const server = createServer((request, response) => {
    requests += 1
    if (front) front(request, response)
    else {
      // The provider may be found below a path, so that its issuer is not the origin; it looks there for where it is.
      Object.assign(request, {
        baseUrl: path,
        originalUrl: request.url,
        url: request.url?.slice(path.length),
      })
      setTimeout(() => handle(request, response), delayMs)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = quietly(
    () =>
      new Provider(`${origin}${path}`, {
        features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
        scopes: ['hooks'],
        ttl: { ClientCredentials: lifeSeconds },
        clients: clients(),
      }),
  )
  handle = provider.callback()
  return {
    origin,
    tokenUrl: `${origin}${path}/token`,
    requests: () => requests,
    inFrontOf(listener) {
      front = listener
    },
    delay(ms) {
      delayMs = ms
    },
    clientOf: async (token) => (await provider.ClientCredentials.find(token))?.clientId ?? null,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** The provider tells developers on the console what of its defaults they should change. */
function quietly<Made>(make: () => Made): Made {
  const { info, warn } = console
  console.info = () => {}
  console.warn = () => {}
  try {
    return make()
  } finally {
    console.info = info
    console.warn = warn
  }
}

function clients() {
  const common = {
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    scope: 'hooks',
  }
  const signer = (client_id: string, key: string, alg: 'RS256' | 'ES256' | 'Ed25519') => ({
    ...common,
    client_id,
    token_endpoint_auth_method: 'private_key_jwt' as const,
    token_endpoint_auth_signing_alg: alg,
    jwks: {
      keys: [
        {
          ...createPublicKey(fixture(`client-certificates/${key}`)).export({ format: 'jwk' }),
          alg,
          kid: key,
        },
      ],
    },
  })
  return [
    {
      ...common,
      client_id: 'by basic',
      client_secret: clientSecret,
      token_endpoint_auth_method: 'client_secret_basic' as const,
    },
    {
      ...common,
      client_id: 'by-post',
      client_secret: clientSecret,
      token_endpoint_auth_method: 'client_secret_post' as const,
    },
    signer('by-rsa', 'jwt-rsa.key', 'RS256'),
    signer('by-ec', 'client-a.key', 'ES256'),
    signer('by-ed25519', 'jwt-ed25519.key', 'Ed25519'),
  ]
}
