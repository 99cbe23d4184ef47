/**
 * Replays a Postman collection (v2.1) over HTTP: its requests in their order, its variables, and its expectations, which
 * are scripts that run here as they are.
 */
import { runInNewContext } from 'node:vm'

type Script = { listen: string; script: { exec: string[] } }
type Item = { name: string; item?: Item[]; event?: Script[]; request?: Request }
type Request = {
  method: string
  header: { key: string; value: string }[]
  url: { raw: string }
  auth?: { bearer?: { key: string; value: string }[] }
  body?: { mode: string; raw?: string }
}
export type Collection = { item: Item[] }

export type Replayed = {
  /** Folder and name of the request. */
  request: string
  status: number
  expectations: { name: string; failure: string | null }[]
}

/** `variables` are those of the environment, which scripts read and set. */
export async function replay(
  collection: Collection,
  variables: Map<string, string>,
  intercept: (name: string) => { status: number; body: string } | null = () => null,
): Promise<Replayed[]> {
  const replayed: Replayed[] = []
  for (const { folder, item } of requestsOf(collection.item, '')) {
    const name = `${folder}${item.name}`
    const answer = intercept(name) ?? (await send(item.request as Request, variables))
    const expectations = (item.event ?? [])
      .filter(({ listen }) => listen === 'test')
      .flatMap(({ script }) => runScript(script.exec.join('\n'), answer, variables))
    replayed.push({ request: name, status: answer.status, expectations })
  }
  return replayed
}

function requestsOf(items: readonly Item[], folder: string): { folder: string; item: Item }[] {
  return items.flatMap((item) =>
    item.item ? requestsOf(item.item, `${folder}${item.name} / `) : [{ folder, item }],
  )
}

async function send(request: Request, variables: Map<string, string>) {
  const filled = (text: string) =>
    text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => variables.get(name) ?? whole)
  const token = request.auth?.bearer?.find(({ key }) => key === 'token')?.value
  const raw = request.body?.raw
  const answer = await fetch(filled(request.url.raw), {
    method: request.method,
    headers: [
      ...request.header.map(({ key, value }): [string, string] => [key, filled(value)]),
      ...(token === undefined ? [] : [['authorization', `Bearer ${filled(token)}`] as [string, string]]),
      // What Postman sends with a raw body of JSON.
      ...(raw && !request.header.some(({ key }) => /^content-type$/i.test(key))
        ? [['content-type', 'application/json'] as [string, string]]
        : []),
    ],
    body: request.method === 'GET' || !raw ? null : filled(raw),
  })
  return { status: answer.status, body: await answer.text() }
}

/** The few things of Postman's sandbox that collections of tests use. */
function runScript(
  source: string,
  { status, body }: { status: number; body: string },
  variables: Map<string, string>,
): Replayed['expectations'] {
  const expectations: Replayed['expectations'] = []
  const test = (name: string, run: () => void) => {
    try {
      run()
      expectations.push({ name, failure: null })
    } catch (error) {
      expectations.push({ name, failure: String(error) })
    }
  }
  const set = (name: string, value: string) => void variables.set(name, value)
  const response = {
    json: () => JSON.parse(body),
    text: () => body,
    to: {
      have: {
        status: (wanted: number) =>
          must(status === wanted, `${status} instead of ${wanted}: ${body.slice(0, 300)}`),
      },
    },
  }
  const pm = {
    test,
    response,
    expect: expectation,
    environment: { get: (name: string) => variables.get(name), set },
  }
  try {
    runInNewContext(source, { pm, responseBody: body, postman: { setEnvironmentVariable: set } })
  } catch (error) {
    expectations.push({ name: 'the script runs', failure: String(error) })
  }
  return expectations
}

function expectation(actual: unknown) {
  const equal = (wanted: unknown) => JSON.stringify(actual) === JSON.stringify(wanted)
  const included = (wanted: unknown) => String(actual).includes(String(wanted))
  const shown = JSON.stringify(actual)?.slice(0, 300)
  return {
    to: {
      eql: (wanted: unknown) => must(equal(wanted), `${shown} is not ${JSON.stringify(wanted)}`),
      include: (wanted: unknown) => must(included(wanted), `${shown} does not include ${wanted}`),
      not: { include: (wanted: unknown) => must(!included(wanted), `${shown} includes ${wanted}`) },
    },
  }
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
