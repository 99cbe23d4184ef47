/** What moves may look up inside their transaction, each thing once for all that share it. */
import type { Transaction } from 'kysely'
import type { AppSetup } from '../apps/app-store.ts'
import { wantOneEach } from '../apps/attached-webhooks.ts'
import type { Tables } from '../db/schema.ts'
import type { Approvers } from './approvers.ts'
import { approversOf } from './directory-facts.ts'

export type MoveReads = {
  approvers(setup: AppSetup, people: { requesterId: string; targetId: string }): Promise<Approvers>
  /** Whether a task for the app admins would reach anybody. */
  adminsReachable(setup: AppSetup): Promise<boolean>
  /** Webhooks of the app that want a delivery for each permission. */
  wantOneEach(setup: AppSetup): Promise<ReadonlySet<string>>
}

export function moveReads(tx: Transaction<Tables>): MoveReads {
  return {
    approvers: (setup, people) => approversOf(tx, setup, people),
    adminsReachable: onceForEachApp(async (setup) => {
      const known = await approversOf(tx, setup, { requesterId: '', targetId: '' })
      return setup.adminIds.some(
        (id) => known.active.has(id) || known.members.get(id)?.some((user) => known.active.has(user)),
      )
    }),
    wantOneEach: onceForEachApp((setup) => wantOneEach(tx, setup)),
  }
}

function onceForEachApp<Found>(read: (setup: AppSetup) => Promise<Found>) {
  const known = new Map<string, Promise<Found>>()
  return (setup: AppSetup) => {
    const found = known.get(setup.app.id) ?? read(setup)
    known.set(setup.app.id, found)
    return found
  }
}
