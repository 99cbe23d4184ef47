/** Requests of the demo, one in every state that a request can be in. */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { AppRead, PermissionRead } from '@keyhook/contract/api/app.ts'
import type { UserRead } from '@keyhook/contract/api/user.ts'
import type { DemoAppKey, DemoPerson } from './demo-company.ts'
import type { ServerClient } from './server-client.ts'

export type Demo = {
  readonly client: ServerClient
  readonly person: (key: DemoPerson) => UserRead
  readonly app: (key: DemoAppKey) => AppRead & { permissions: PermissionRead[] }
}

type Wanted = {
  who: DemoPerson
  app: DemoAppKey
  /** Of the app's permissions, counted from 0. */
  permission?: number
  why: string
  length?: number
  fields?: Record<string, unknown>
}

const day = 86_400

/** Runs the steps in order; those that wait for a slow receiver are begun last, so that they are still there to be seen. */
export async function fillRequests({ client, person, app }: Demo): Promise<void> {
  const { call } = client
  const wait = { headers: { prefer: 'wait=20' } }
  const ask = ({ who, app: key, permission = 0, why, length, fields = {} }: Wanted, waiting = true) =>
    call<AccessRequestRead>(
      'POST',
      '/access-requests',
      {
        app_id: app(key).id,
        permission_ids: [app(key).permissions[permission]?.id],
        requester_id: person(who).id,
        business_justification: why,
        access_length_seconds: length ?? null,
        custom_fields: fields,
      },
      waiting ? wait : {},
    )
  const approve = ({ id }: AccessRequestRead) =>
    call<AccessRequestRead>('POST', `/access-requests/${id}/approve`, { comment: 'Fine with me' }, wait)
  const confirm = ({ tasks }: AccessRequestRead) =>
    call('POST', `/tasks/${tasks.find(({ status }) => status === 'open')?.id}/complete`, {
      comment: 'Done by hand',
    })
  const read = ({ id }: AccessRequestRead) =>
    call<AccessRequestRead>('GET', `/access-requests/${id}`, undefined, wait)
  const revoke = async (request: AccessRequestRead, reason: string) => {
    const [grant] = (await read(request)).grants
    await call('POST', `/grants/${grant?.id}/revoke`, { reason })
  }

  // active, by a rule; active, by approvers
  await ask({
    who: 'kofi',
    app: 'cloud',
    permission: 1,
    why: 'On call this week',
    length: day,
    fields: production,
  })
  await approve(await ask({ who: 'lena', app: 'crm', why: 'New in the sales team' }))
  // ended
  const left = await approve(await ask({ who: 'sam', app: 'crm', permission: 1, why: 'Quarterly report' }))
  await revoke(left, 'The report is done')
  // denied, cancelled, rejected
  const denied = await ask({ who: 'omar', app: 'crm', permission: 1, why: 'Curious' })
  await call('POST', `/access-requests/${denied.id}/deny`, {
    reason: 'Ask Sam for the figures that you need',
  })
  const cancelled = await ask({ who: 'ines', app: 'crm', why: 'Wrong app, sorry' })
  await call('POST', `/access-requests/${cancelled.id}/cancel`)
  await ask({ who: 'yuki', app: 'payroll', why: 'Year-end close' })
  // awaiting approval
  const staging = { Environment: 'Staging' }
  await ask({ who: 'ines', app: 'cloud', why: 'Debugging the importer', length: 7 * day, fields: staging })
  await ask({ who: 'omar', app: 'cloud', why: 'Load tests', length: 7 * day, fields: staging })
  // awaiting confirmation: the webhook failed; there is none
  await ask({ who: 'lena', app: 'design', why: 'Pitch decks' })
  // active by hand, then awaiting removal
  const vault = await ask({ who: 'ines', app: 'vault', why: 'Team passwords' })
  await confirm(vault)
  const other = await ask({ who: 'omar', app: 'design', why: 'Posters for the fair' })
  await confirm(other)
  await revoke(other, 'The fair is over')
  const owner = await ask({ who: 'kofi', app: 'vault', permission: 1, why: 'Takes over the vault' })
  await confirm(owner)
  await ask({ who: 'sam', app: 'vault', why: 'Passwords of the sales tools' })
  await call('POST', '/access-reviews', {
    name: 'Access at the end of the quarter',
    description: 'Keep what people need for their work now.',
    reviewers: { type: 'app_admins' },
    deadline: new Date(Date.now() + 14 * day * 1_000).toISOString(),
  })
  // validating, pre-approving, provisioning, deprovisioning: their receivers are silent for a minute
  await ask({ who: 'kofi', app: 'lab', why: 'Hardware tests' }, false)
  await ask({ who: 'jonas', app: 'wiki', why: 'Rewriting the onboarding' }, false)
  await ask({ who: 'yuki', app: 'erp', why: 'Orders for the office' }, false)
  await revoke(owner, 'Moved to another team')
}

const production = { Environment: 'Production', 'Change ticket': 'CHG-1042' }
