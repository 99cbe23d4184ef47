import type { Migration } from './migration.ts'

export const deliveryEngine: Migration = {
  name: '0004-delivery-engine',
  statements: [
    // Each check of these locked and rewrote the row of the webhook, for every delivery. Webhooks are archived, never
    // deleted, and attempts leave with their deliveries.
    'alter table deliveries drop constraint deliveries_webhook_id_fkey',
    'alter table attempts drop constraint attempts_delivery_id_fkey',
    "alter table webhooks add column settings json not null default '{}'",
    'alter table webhooks add column sealed_credentials bytea',
    // A webhook signs with several keys while one of them is being replaced.
    `create table signing_keys (
      id text primary key,
      webhook_id text not null references webhooks (id),
      algorithm text not null,
      sealed_key bytea not null,
      public_key text,
      created_at timestamptz not null,
      retires_at timestamptz
    )`,
    'create index signing_keys_by_webhook on signing_keys (webhook_id)',
    `insert into signing_keys (id, webhook_id, algorithm, sealed_key, created_at)
      select 'sgk_' || substr(id, 4), id, 'hmac-sha256', sealed_signing_secret, created_at
      from webhooks where archived_at is null`,
    'alter table webhooks drop column sealed_signing_secret',
    // Only circuits that are not closed have a row.
    `create table circuits (
      webhook_id text primary key references webhooks (id),
      state json not null,
      updated_at timestamptz not null
    )`,
    `create table callbacks (
      delivery_id text primary key,
      deadline_at timestamptz not null,
      received_at timestamptz,
      body bytea,
      closed_at timestamptz
    )`,
    'create index callbacks_open on callbacks (deadline_at) where closed_at is null',
    `create table idempotency_keys (
      principal_id text not null,
      key text not null,
      request_hash bytea not null,
      delivery_id text not null,
      created_at timestamptz not null,
      primary key (principal_id, key)
    )`,
    'create index deliveries_by_failure on deliveries (failure_reason, id desc) where failure_reason is not null',
    'create index idempotency_keys_by_age on idempotency_keys (created_at)',
  ],
}
