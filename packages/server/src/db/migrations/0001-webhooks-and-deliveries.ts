import type { Migration } from './migration.ts'

export const webhooksAndDeliveries: Migration = {
  name: '0001-webhooks-and-deliveries',
  statements: [
    `create table webhooks (
      id text primary key,
      type text not null,
      name text not null,
      description text,
      endpoint_url text not null,
      headers json not null,
      time_limit_ms integer not null,
      enabled boolean not null,
      sealed_signing_secret bytea not null,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      archived_at timestamptz
    )`,
    'create index webhooks_live on webhooks (id desc) where archived_at is null',
    `create table deliveries (
      id text primary key,
      webhook_id text references webhooks (id),
      webhook_name text not null,
      webhook_type text not null,
      test boolean not null,
      status text not null,
      payload bytea not null,
      outcome json,
      failure_reason text,
      process_id text,
      finished_at timestamptz,
      duration_ms double precision
    )`,
    // Lists are newest first: ids carry the time, so each filter needs one index that ends in the id.
    'create index deliveries_by_webhook on deliveries (webhook_id, id desc)',
    'create index deliveries_by_type on deliveries (webhook_type, id desc)',
    'create index deliveries_by_status on deliveries (status, id desc)',
    'create index deliveries_unfinished on deliveries (process_id) where finished_at is null',
    `create table attempts (
      id text primary key,
      delivery_id text not null references deliveries (id) on delete cascade,
      number integer not null,
      started_at timestamptz not null,
      duration_ms double precision not null,
      exchange json not null,
      response_body bytea,
      outcome json not null,
      unique (delivery_id, number)
    )`,
    `create table processes (
      id text primary key,
      host text not null,
      pid integer not null,
      expires_at timestamptz not null
    )`,
  ],
}
