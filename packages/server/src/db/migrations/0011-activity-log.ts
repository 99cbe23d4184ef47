import type { Migration } from './migration.ts'

/**
 * The activity log. Entries come in by `event_inbox`, in the transaction of the change that they tell of, so that writers
 * do not wait for one another; then one process after the other moves what has committed to `events`, numbered and chained.
 */
export const activityLog: Migration = {
  name: '0011-activity-log',
  statements: [
    `create table event_inbox (
      seq bigint generated always as identity primary key,
      id text not null,
      type text not null,
      label text,
      actor json not null,
      targets json not null,
      metadata json not null,
      outcome text not null,
      began_at timestamptz not null,
      actor_id text,
      request_id text,
      app_id text
    )`,
    'create index event_inbox_by_request on event_inbox (request_id) where request_id is not null',
    // Months are dropped whole when they are old, so partitions go by the time at which entries got their place: that way
    // what is dropped is always the beginning of the chain.
    `create table events (
      position bigint not null,
      logged_at timestamptz not null,
      id text not null,
      type text not null,
      label text,
      actor json not null,
      targets json not null,
      metadata json not null,
      outcome text not null,
      began_at timestamptz not null,
      actor_id text,
      request_id text,
      app_id text,
      target_ids text[] not null,
      words tsvector not null,
      hash text not null,
      primary key (position, logged_at)
    ) partition by range (logged_at)`,
    'create index events_by_id on events (id)',
    'create index events_by_request on events (request_id, position) where request_id is not null',
    'create index events_by_type on events (type, position)',
    'create index events_by_actor on events (actor_id, position) where actor_id is not null',
    'create index events_by_app on events (app_id, position) where app_id is not null',
    "create index events_failed on events (position) where outcome = 'FAILED'",
    'create index events_by_time on events (logged_at)',
    'create index events_by_target on events using gin (target_ids)',
    'create index events_by_words on events using gin (words)',
    `create table log_head (
      one boolean primary key default true check (one),
      position bigint not null,
      hash text not null,
      logged_at timestamptz not null,
      first_position bigint not null,
      checkpoint_position bigint not null,
      checkpoint_at timestamptz not null
    )`,
    "insert into log_head values (true, 0, repeat('0', 128), 'epoch', 1, 0, 'epoch')",
    `create table log_checkpoints (
      position bigint primary key,
      checkpoint json not null,
      made_at timestamptz not null
    )`,
  ],
}
