/** Access that is not used, and people who leave. */
import { z } from 'zod'
import type { EventType } from '../event-types.ts'
import { describer, type EventDescription, people, things, time } from './describe.ts'

const describe = describer('lifecycle', [things.grant, things.ada, things.app])
const { system, key } = people

export const lifecycleEvents = {
  APP_STORE_TOLD_OF_INACTIVITY: describe({
    when: 'Access was not used for as long as the app allows, and the person is told when it ends.',
    metadata: z.strictObject({ used_at: time, removal_at: time, text: z.string() }),
    example: {
      actor: system,
      metadata: {
        used_at: '2026-04-19T00:00:00.000Z',
        removal_at: '2026-08-01T00:00:00.000Z',
        text: 'Not used since 2026-04-19. It is removed on 2026-08-01 unless it is used before.',
      },
    },
  }),
  APP_STORE_CANCEL_INACTIVITY_NOTICE: describe({
    when: 'Access that was about to end because of inactivity is used again.',
    metadata: z.strictObject({ used_at: time, text: z.string() }),
    example: {
      actor: key,
      metadata: { used_at: '2026-07-18T09:20:00.000Z', text: 'Used on 2026-07-18. It is not removed.' },
    },
  }),
  ADMIN_IMPORTED_LAST_USE: describe({
    when: 'Last uses are reported by API or CSV, and some of them are new.',
    metadata: z.strictObject({
      updated: z.number().int(),
      unchanged: z.number().int(),
      ignored: z.number().int(),
      notices_cancelled: z.number().int(),
    }),
    example: {
      actor: key,
      targets: [],
      metadata: { updated: 40, unchanged: 2, ignored: 1, notices_cancelled: 1 },
    },
  }),
  OFFBOARDING_FINISHED: describe({
    when: 'All access of somebody who leaves has ended.',
    metadata: z.strictObject({ text: z.string() }),
    example: {
      actor: system,
      targets: [
        { target_type: 'OFFBOARDING', target_data: { id: 'off_0199a1b2c3d47e5f8a9b0c1d2e3f4a12' } },
        things.ada,
      ],
      metadata: { text: 'All access of Ada Lovelace has ended.' },
    },
  }),
} as const satisfies Partial<Record<EventType, EventDescription>>
