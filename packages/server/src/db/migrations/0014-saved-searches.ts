import type { Migration } from './migration.ts'

/** Reading the activity log: searches that are kept, and holds that keep its months from being dropped. */
export const savedSearches: Migration = {
  name: '0014-saved-searches',
  statements: [
    `create table saved_searches (
      id text primary key,
      owner_id text not null,
      owner_name text not null,
      name text not null,
      filters json not null,
      shared boolean not null,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`,
    'create index saved_searches_by_owner on saved_searches (owner_id)',
    `create table legal_holds (
      id text primary key,
      reason text not null,
      placed_at timestamptz not null,
      placed_by text not null,
      lifted_at timestamptz
    )`,
    'create unique index legal_holds_one on legal_holds ((true)) where lifted_at is null',
  ],
}
