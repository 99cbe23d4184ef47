import type { Migration } from './migration.ts'

/** Secrets that the installation makes for itself, sealed like all others. */
export const settings: Migration = {
  name: '0003-settings',
  statements: ['create table settings (name text primary key, sealed_value bytea not null)'],
}
