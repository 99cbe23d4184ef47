/** How a command calls the API of a running server. */
import { readLocalAdmin } from '../auth/local-admin.ts'
import type { Config } from '../config.ts'

export type ServerClient = {
  readonly url: string
  /** Throws an Error with what the server said. `cookie`: as that person, in the place of the key. */
  call<Body>(method: string, path: string, body?: unknown, more?: CallOptions): Promise<Body>
}

export type CallOptions = { headers?: Record<string, string>; public?: boolean }

/** The server that KEYHOOK_URL names, else the one that has the data folder open. Throws an Error for people. */
export function serverClient(config: Config): ServerClient {
  const local = config.database.url === null ? readLocalAdmin(config.dataDir) : null
  const server = config.client ?? (local && { url: local.url, apiKey: local.token })
  if (!server)
    throw new Error('no server is known: start one on this machine, or set KEYHOOK_URL and KEYHOOK_API_KEY.')
  const { url, apiKey } = server
  return {
    url,
    async call<Body>(method: string, path: string, body?: unknown, more: CallOptions = {}) {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          ...(more.public ? {} : { authorization: `Bearer ${apiKey}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...more.headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
      }).catch((cause: unknown) => {
        throw new Error(`the server at ${url} does not answer.`, { cause })
      })
      const text = await answer.text()
      if (!answer.ok)
        throw new Error(`${method} ${path}: the server answered ${answer.status}. ${detailOf(text)}`)
      return (text === '' ? undefined : JSON.parse(text)) as Body
    },
  }
}

function detailOf(text: string): string {
  try {
    return String((JSON.parse(text) as { detail?: unknown }).detail ?? '')
  } catch {
    return ''
  }
}
