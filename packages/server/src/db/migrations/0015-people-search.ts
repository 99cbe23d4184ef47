import type { Migration } from './migration.ts'

/** Finding people without reading all of them, and what a repeated request is told of secrets. */
export const peopleSearch: Migration = {
  name: '0015-people-search',
  statements: [
    // Pairs of letters and not the extension pg_trgm: it would need a right on the whole database, which a managed
    // PostgreSQL may not give, and it does not find two letters.
    `create function letter_pairs(given text) returns text[]
      language sql immutable strict parallel safe as $$
        select coalesce(array_agg(distinct pair.first || pair.second), '{}')
        from unnest(string_to_array(given, null), string_to_array(substr(given, 2), null)) as pair (first, second)
        where pair.second is not null
      $$`,
    `create function person_text(given_name text, family_name text, email text, user_name text) returns text
      language sql immutable strict parallel safe as $$
        select ' ' || lower(given_name || ' ' || family_name || ' ' || email || ' ' || user_name)
      $$`,
    `create index users_by_letters on users
      using gin (letter_pairs(person_text(given_name, family_name, email, user_name)))`,
    // For what most people have in their name: read in order until there are enough.
    "create index users_in_order on users (given_name, family_name, id) where status = 'active'",
    'alter table idempotency_keys add column sealed_secret bytea',
  ],
}
