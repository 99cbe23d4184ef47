import type { Migration } from './migration.ts'

/** What must not be shown of a late answer, for as long as it is awaited. */
export const callbackSecrets: Migration = {
  name: '0017-callback-secrets',
  statements: ['alter table callbacks add column sealed_secrets bytea'],
}
