import type { Migration } from './migration.ts'

/** Users, groups and how they come in. */
export const directoryAndEvents: Migration = {
  name: '0005-directory-and-events',
  statements: [
    // A person who signs in has the same id in `auth_users`.
    `create table users (
      id text primary key,
      user_name text not null,
      email text not null,
      given_name text not null,
      family_name text not null,
      title text,
      department text,
      manager_id text references users (id),
      status text not null,
      role text not null,
      source text not null,
      external_id text,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      deactivated_at timestamptz
    )`,
    'create unique index users_by_user_name on users (lower(user_name))',
    'create unique index users_by_email on users (lower(email))',
    'create index users_by_manager on users (manager_id) where manager_id is not null',
    'create index users_by_external_id on users (external_id) where external_id is not null',
    // The administrators of before there was a directory.
    `insert into users
      (id, user_name, email, given_name, family_name, status, role, source, created_at, updated_at)
      select id, email, email, split_part(name, ' ', 1),
        case when strpos(name, ' ') > 0 then substr(name, strpos(name, ' ') + 1) else '' end,
        'active', 'admin', 'manual', created_at, updated_at
      from auth_users`,
    `create table groups (
      id text primary key,
      name text not null,
      description text,
      source text not null,
      external_id text,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`,
    'create unique index groups_by_name on groups (lower(name))',
    `create table group_members (
      group_id text not null references groups (id) on delete cascade,
      user_id text not null references users (id) on delete cascade,
      primary key (group_id, user_id)
    )`,
    'create index group_members_by_user on group_members (user_id)',
    `create table scim_tokens (
      id text primary key,
      name text not null,
      hint text not null,
      hash bytea not null unique,
      created_by text,
      created_at timestamptz not null,
      last_used_at timestamptz,
      revoked_at timestamptz
    )`,
    `create table invitations (
      hash bytea primary key,
      user_id text not null references users (id) on delete cascade,
      created_by text,
      created_at timestamptz not null,
      expires_at timestamptz not null
    )`,
    'create index invitations_by_user on invitations (user_id)',
  ],
}
