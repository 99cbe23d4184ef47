import { request } from 'undici'
import { startPostgres } from '../../packages/server/test/support/embedded-postgres.ts'
import type { Scenario } from '../scenario.ts'
import { benchKey, startChild, startKeyhook } from '../support/child.ts'
import { addApp, addUsers, callApi } from '../support/company.ts'
import { medianGet } from '../support/load.ts'
import { multiplyRequest, runSql } from '../support/many-requests.ts'
import { growthMeasures } from '../support/notes.ts'

const sizes = { few: 10_000, many: 1_000_000 }
const password = 'correct horse battery'

/** Whether requests of the past slow those who look at theirs. */
export const requestGrowth: Scenario = {
  name: 'request-growth',
  about:
    'Lists of requests, the inbox and the catalogue with 10,000 and with 1,000,000 requests, on PostgreSQL, as an administrator ' +
    'and as a person. One request in fifty waits for approval.',
  goal: 'with many at most 1.5 x the time of with few',
  async run({ runs, progress, quick }) {
    const times = new Map<string, number[]>()
    const note = (name: string, value: number) => times.set(name, [...(times.get(name) ?? []), value])
    const postgres = await startPostgres(3968)
    const receiver = await startChild('./receiver-program.ts', [], {})
    const parts: { stop(): Promise<void> }[] = [receiver, postgres]
    try {
      const sides: { name: string; pages: Page[] }[] = []
      for (const [name, count] of Object.entries(sizes)) {
        const url = await postgres.database(name)
        const keyhook = await startKeyhook(url)
        parts.unshift(keyhook)
        const wanted = quick ? count / 100 : count
        progress(`storing ${wanted.toLocaleString('en')} requests`)
        sides.push({ name, pages: await fill(keyhook.url, url, receiver.url, wanted) })
      }
      for (let run = 1; run <= runs; run++) {
        progress(`run ${run} of ${runs}`)
        const pages = (sides[0]?.pages ?? []).keys()
        // Side by side, so that what else the machine does comes to both.
        for (const index of pages)
          for (const { name, pages } of sides) {
            const page = pages[index]
            if (page) note(`${page.name}, ${name}`, await medianGet(page, quick ? 5 : 100))
          }
      }
      const names = (sides[0]?.pages ?? []).map(({ name }) => name)
      return growthMeasures(times, names)
    } finally {
      for (const part of parts) await part.stop()
    }
  },
}

type Page = { name: string; url: string; headers: Record<string, string> }

/** A company with so many requests, and the pages that are looked at. */
async function fill(server: string, url: string, receiver: string, count: number): Promise<Page[]> {
  const users = await addUsers(url, 10_000)
  const [given, asking] = [await addApp(server, receiver), await addApp(server, receiver)]
  const rules = `/apps/${asking.id}/pre-approval-rules`
  const { data } = await get<{ data: { id: string }[] }>(`${server}/api/v1${rules}`)
  for (const { id } of data)
    await request(`${server}/api/v1${rules}/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${benchKey}` },
    })
  const ids: string[] = []
  for (const [index, app] of [given, asking].entries()) {
    const { id } = await callApi<{ id: string }>(server, 'POST', '/access-requests', {
      app_id: app.id,
      permission_ids: app.permissionIds,
      requester_id: users[2 + index],
      business_justification: 'Quarterly close',
    })
    await settled(server, id)
    ids.push(id)
  }
  const waiting = Math.floor(count / 50)
  // However many there are, each of those who have some has a hundred of the past and two that wait: a list is compared
  // with a list of the same length.
  await multiplyRequest(url, ids[0] ?? '', {
    count: count - waiting,
    users: Math.min(users.length, Math.ceil((count - waiting) / 100)),
    mark: 1,
  })
  await multiplyRequest(url, ids[1] ?? '', {
    count: waiting,
    users: Math.min(users.length, Math.ceil(waiting / 2)),
    mark: 2,
  })
  const cookie = await signedIn(server, users[6] ?? '')
  await runSql(url, { text: 'vacuum analyze' })
  const as = (name: string, headers: Record<string, string>, paths: Record<string, string>): Page[] =>
    Object.entries(paths).map(([page, path]) => ({
      name: `${page} (${name})`,
      url: `${server}/api/v1${path}`,
      headers,
    }))
  return [
    ...as(
      'administrator',
      { authorization: `Bearer ${benchKey}` },
      {
        requests: '/access-requests',
        'requests that wait': '/access-requests?status=awaiting_approval',
        'requests of an app': `/access-requests?app_id=${given.id}`,
        'requests of a user': `/access-requests?user_id=${users[8]}`,
        'open tasks': '/tasks?status=open',
        grants: '/grants',
        inbox: '/inbox',
      },
    ),
    ...as(
      'person',
      { cookie },
      {
        'own requests': '/access-requests?mine=true',
        'own access': '/grants?mine=true',
        'open tasks': '/tasks?status=open',
        inbox: '/inbox',
        catalogue: '/catalogue',
      },
    ),
  ]
}

async function get<Body>(url: string): Promise<Body> {
  const answer = await request(url, { headers: { authorization: `Bearer ${benchKey}` } })
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`)
  return (await answer.body.json()) as Body
}

async function settled(server: string, id: string): Promise<void> {
  const answer = await request(`${server}/api/v1/access-requests/${id}`, {
    headers: { authorization: `Bearer ${benchKey}`, prefer: 'wait=30' },
  })
  const { status } = (await answer.body.json()) as { status: string }
  if (status !== 'active' && status !== 'awaiting_approval') throw new Error(`a request is ${status}`)
}

/** The session of a user who has chosen a password. */
async function signedIn(server: string, userId: string): Promise<string> {
  const invited = await callApi<{ url: string }>(server, 'POST', `/users/${userId}/invite`, {})
  const token = new URL(invited.url).hash.replace('#token=', '')
  const accepted = await request(`${server}/api/v1/invitations/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, password }),
  })
  await accepted.body.dump()
  return [accepted.headers['set-cookie'] ?? []]
    .flat()
    .map((one) => one.split(';')[0])
    .join('; ')
}
