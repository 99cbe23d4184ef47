import type { ColumnType } from 'kysely'

/** JSON text, stored as it is; `json` rather than `jsonb` because the latter refuses U+0000 and lone surrogates. */
export type Json<Value> = ColumnType<Value, string, string>
