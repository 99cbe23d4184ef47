import type { Migration } from './migration.ts'

/** What is known of earlier sendings of a delivery, and finding what waits to be sent again webhook by webhook. */
export const retries: Migration = {
  name: '0016-retries',
  statements: [
    'alter table deliveries add column may_repeat boolean not null default false',
    "create index deliveries_pending on deliveries (webhook_id, id) where status = 'pending'",
  ],
}
