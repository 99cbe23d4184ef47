/** Notices by mail and chat. */
import { z } from 'zod'
import type { EventType } from '../event-types.ts'
import { changed, describer, type EventDescription, facts, noMetadata, people, things } from './describe.ts'

const describe = describer('notices', [
  {
    target_type: 'NOTICE_CHANNEL',
    target_data: { id: 'nch_0199a1b2c3d47e5f8a9b0c1d2e3f4a15', name: '#access' },
  },
])
const channel = {
  name: '#access',
  kind: 'slack',
  host: 'hooks.slack.com',
  app_ids: null,
  kinds: null,
  enabled: true,
}
const after = z.strictObject({ after: facts })

export const noticeEvents = {
  ADMIN_CREATED_NOTICE_CHANNEL: describe({
    when: 'A chat channel for notices is made. Its address is a secret; the log has its host.',
    metadata: after,
    example: { metadata: { after: channel } },
  }),
  ADMIN_UPDATED_NOTICE_CHANNEL: describe({
    when: 'A chat channel is changed.',
    metadata: changed,
    example: { metadata: { before: channel, after: { ...channel, enabled: false } } },
  }),
  ADMIN_DELETED_NOTICE_CHANNEL: describe({
    when: 'A chat channel is deleted; `after` is what it was.',
    metadata: after,
    example: { metadata: { after: channel } },
  }),
  ADMIN_UPDATED_NOTICE_TEMPLATE: describe({
    when: 'The words of a notice are changed.',
    metadata: changed,
    example: {
      targets: [
        { target_type: 'NOTICE_TEMPLATE', target_data: { id: 'task_assigned', name: 'A task is yours' } },
      ],
      metadata: { before: { subject: 'A task' }, after: { subject: 'Please decide' } },
    },
  }),
  ADMIN_SENT_NOTICE_AGAIN: describe({
    when: 'A notice that could not be sent is sent again by hand.',
    metadata: noMetadata,
    example: {
      targets: [
        {
          target_type: 'NOTICE',
          target_data: {
            id: 'ntc_0199a1b2c3d47e5f8a9b0c1d2e3f4a16',
            kind: 'task_assigned',
            user_id: things.ada.target_data.id,
          },
        },
      ],
      metadata: {},
    },
  }),
  DIRECTORY_UPDATED_NOTICE_PREFERENCES: describe({
    when: 'A person changes how to be told of what.',
    metadata: changed,
    example: {
      actor: people.ada,
      targets: [things.ada],
      metadata: { before: { requests: 'mail', chat: null }, after: { requests: 'off', chat: null } },
    },
  }),
} as const satisfies Partial<Record<EventType, EventDescription>>
