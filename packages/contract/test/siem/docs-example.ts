/** The event that the page about the formats shows, and what its examples and tables must be. */
import { eventTypes } from '../../src/event-types.ts'
import type { SiemEntry } from '../../src/siem/formats.ts'
import { ocsfKinds } from '../../src/siem/ocsf-event-types.ts'
import { sentinelColumns } from '../../src/siem/sentinel.ts'
import { entryOf } from './entries.ts'

/** An administrator deactivates a person. */
export const shownEntry: SiemEntry = entryOf(
  {
    actor: {
      actor_type: 'USER',
      actor_data: {
        id: 'usr_01981e5c7a3b7c4d8e9f0a1b2c3d4e5f',
        email: 'grace@example.com',
        given_name: 'Grace',
        family_name: 'Hopper',
      },
    },
    event_type: 'DIRECTORY_DEACTIVATED_USER',
    event_metadata: { before: { status: 'active' }, after: { status: 'inactive' } },
    targets: [
      {
        target_type: 'USER',
        target_data: {
          id: 'usr_01981e5c7a3b7c4d8e9f0a1b2c3d4e60',
          email: 'ada@example.com',
          given_name: 'Ada',
          family_name: 'Lovelace',
        },
      },
    ],
  },
  { access_request_id: null, app_id: null },
)

/** The page that lists every event type with its class in OCSF, as a whole. */
export function ocsfPage(): string {
  const rows = Object.entries(ocsfKinds).map(([type, kind]) => {
    const what = `${kind.className}: ${kind.activityName}`
    return `| \`${type}\` | ${eventTypes[type as keyof typeof eventTypes]} | ${what} | ${kind.typeUid} | ${kind.severity} |`
  })
  return `${[
    '# Event types in OCSF',
    '',
    'What each type of event is in the [OCSF format](siem-formats.md#ocsf). A failure has the severity `low` at least. Types that',
    'begin with `CUSTOM_` are API Activity: Other, 600399, informational.',
    '',
    '| event type | | class and activity | `type_uid` | severity |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')}\n`
}

export const streamDeclarations = {
  'Custom-Keyhook_CL': { columns: sentinelColumns.map(({ name, type }) => ({ name, type })) },
}

/** Arguments of the command that makes the table. */
export const tableColumns = sentinelColumns.map(({ name, type }) => `${name}=${type}`)
