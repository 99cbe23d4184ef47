import type { Migration } from './migration.ts'

/** The activity log streamed to SIEM webhooks: a cursor for each, not a row for each event. */
export const siemStreams: Migration = {
  name: '0013-siem-streams',
  statements: [
    'alter table deliveries add column entries json',
    `create index deliveries_set_aside on deliveries (webhook_id, id)
      where status = 'failed' and entries is not null`,
    `create table siem_streams (
      id text primary key,
      webhook_id text not null references webhooks (id),
      kind text not null,
      first_position bigint not null,
      position bigint not null,
      last_position bigint,
      window_end bigint not null,
      planned json not null,
      process_id text,
      paused_at timestamptz,
      sent_events bigint not null default 0,
      rate double precision not null default 0,
      refused_in_a_row integer not null default 0,
      last_success_at timestamptz,
      failing_since timestamptz,
      last_failure json,
      alerted_at timestamptz,
      created_at timestamptz not null
    )`,
    "create unique index siem_streams_live on siem_streams (webhook_id) where kind = 'live'",
    'create index siem_streams_by_webhook on siem_streams (webhook_id)',
    // Webhooks of before get what happens from now on.
    `insert into siem_streams (id, webhook_id, kind, first_position, position, window_end, planned, created_at)
      select 'str_' || substr(webhooks.id, 4), webhooks.id, 'live', position + 1, position, position, '[]', now()
      from webhooks, log_head where type = 'siem' and archived_at is null`,
  ],
}
