import type { Migration } from './migration.ts'

/** Access that is not used: who was told, and when it is removed. */
export const inactivity: Migration = {
  name: '0009-inactivity',
  statements: [
    'alter table grants add column inactivity_notice_at timestamptz',
    'alter table grants add column inactivity_removal_at timestamptz',
    // The longest unused of an app, among those that nobody was told about yet.
    `create index grants_unused on grants (app_id, greatest(last_used_at, granted_at))
      where status = 'active' and inactivity_notice_at is null`,
    `create index grants_unused_due on grants (inactivity_removal_at)
      where status = 'active' and inactivity_removal_at is not null`,
    "create index apps_with_inactivity on apps (id) where (settings ->> 'inactivity') is not null",
    // What has not ended of a person, however much of theirs has.
    "create index grants_held on grants (user_id, id) where status <> 'ended'",
  ],
}
