import type { Migration } from './migration.ts'

/** Mail and chat: what is to be told, to whom it was sent, and how people want it. */
export const notices: Migration = {
  name: '0010-notices',
  statements: [
    `create table notice_orders (
      seq bigint generated always as identity primary key,
      kind text not null,
      principal_id text not null,
      app_id text,
      request_id text,
      data json not null,
      created_at timestamptz not null
    )`,
    `create table notices (
      id text primary key,
      kind text not null,
      channel text not null,
      status text not null,
      user_id text,
      channel_id text,
      request_id text,
      data json not null,
      attempts integer not null,
      last_error text,
      next_attempt_at timestamptz,
      created_at timestamptz not null,
      sent_at timestamptz
    )`,
    "create index notices_due on notices (next_attempt_at) where status = 'waiting'",
    'create index notices_by_status on notices (status, id)',
    'create index notices_by_user on notices (user_id, id) where user_id is not null',
    `create table notice_channels (
      id text primary key,
      name text not null,
      kind text not null,
      sealed_url bytea not null,
      host text not null,
      app_ids json not null,
      kinds json not null,
      enabled boolean not null,
      version integer not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`,
    `create table notice_preferences (
      user_id text primary key references users (id) on delete cascade,
      choices json not null,
      chat_kind text,
      sealed_chat_url bytea,
      chat_host text
    )`,
    'create table notice_templates (kind text primary key, subject text, intro text)',
  ],
}
