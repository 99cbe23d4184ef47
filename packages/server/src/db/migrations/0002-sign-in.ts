import type { Migration } from './migration.ts'

/** The tables of better-auth (`auth_*`, see auth/auth.ts for the column names), API keys and the set-up link. */
export const signIn: Migration = {
  name: '0002-sign-in',
  statements: [
    `create table auth_users (
      id text primary key,
      name text not null,
      email text not null unique,
      email_verified boolean not null,
      image text,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`,
    `create table auth_sessions (
      id text primary key,
      user_id text not null references auth_users (id) on delete cascade,
      token text not null unique,
      expires_at timestamptz not null,
      ip_address text,
      user_agent text,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`,
    'create index auth_sessions_by_user on auth_sessions (user_id)',
    `create table auth_accounts (
      id text primary key,
      user_id text not null references auth_users (id) on delete cascade,
      account_id text not null,
      provider_id text not null,
      access_token text,
      refresh_token text,
      id_token text,
      access_token_expires_at timestamptz,
      refresh_token_expires_at timestamptz,
      scope text,
      password text,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`,
    'create index auth_accounts_by_user on auth_accounts (user_id)',
    `create table auth_verifications (
      id text primary key,
      identifier text not null,
      value text not null,
      expires_at timestamptz not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`,
    'create index auth_verifications_by_identifier on auth_verifications (identifier)',
    `create table api_keys (
      id text primary key,
      name text not null,
      role text not null,
      hint text not null,
      hash bytea not null unique,
      created_by text,
      created_at timestamptz not null,
      last_used_at timestamptz,
      revoked_at timestamptz
    )`,
    `create table setup_tokens (
      hash bytea primary key,
      created_at timestamptz not null
    )`,
  ],
}
