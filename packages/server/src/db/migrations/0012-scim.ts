import type { Migration } from './migration.ts'

/** What SCIM clients send beyond the members of the directory, and what their filters need. */
export const scim: Migration = {
  name: '0012-scim',
  statements: [
    // Identity providers have several accounts of one person with one address. It belongs to the first of them.
    'alter table users add column email_shared boolean not null default false',
    'drop index users_by_email',
    'create unique index users_by_email on users (lower(email)) where not email_shared',
    // Gone for SCIM clients, while requests and grants of the past still name the user.
    'alter table users add column deleted_at timestamptz',
    "create index users_by_name on users (lower(trim(given_name || ' ' || family_name)))",
    `create table scim_users (
      user_id text primary key references users (id) on delete cascade,
      attributes json not null,
      display_name text,
      emails text[] not null,
      manager text
    )`,
    'create index scim_users_by_display_name on scim_users (lower(display_name))',
    'create index scim_users_by_email on scim_users using gin (emails)',
    'create index scim_users_by_manager on scim_users (lower(manager)) where manager is not null',
    'create index groups_by_external_id on groups (external_id) where external_id is not null',
    `create table scim_members (
      group_id text not null,
      user_id text not null,
      display text not null,
      primary key (group_id, user_id),
      foreign key (group_id, user_id) references group_members (group_id, user_id) on delete cascade
    )`,
  ],
}
