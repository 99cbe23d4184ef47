import type { Migration } from './migration.ts'

/** That somebody leaves, and what finding people needs. */
export const directory: Migration = {
  name: '0007-directory',
  statements: [
    `create table offboardings (
      id text primary key,
      user_id text not null references users (id),
      status text not null,
      reason text not null,
      started_by json not null,
      started_at timestamptz not null,
      finished_at timestamptz
    )`,
    // One at a time of each user.
    "create unique index offboardings_running on offboardings (user_id) where status = 'running'",
    'create index offboardings_by_user on offboardings (user_id, id)',
  ],
}
