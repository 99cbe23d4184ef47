/** Rows that the database gives as JSON, so that one statement can read several tables (see Kysely's `jsonArrayFrom`). */

/** A row as JSON: its times are text. */
export type JsonRow<Row> = {
  [Column in keyof Row]: Extract<Row[Column], Date> extends never
    ? Row[Column]
    : string | Exclude<Row[Column], Date>
}

type TimeColumn<Row> = {
  [Column in keyof Row]: Extract<Row[Column], Date> extends never ? never : Column
}[keyof Row]

/** The row with its times. `columns` names all of them. A row that has them already is taken too. */
export function withTimes<Row>(row: Row | JsonRow<Row>, columns: readonly TimeColumn<Row>[]): Row {
  const read = { ...row } as Row
  for (const column of columns) {
    const time = row[column] as Date | string | null
    read[column] = (time === null ? null : new Date(time)) as Row[TimeColumn<Row>]
  }
  return read
}
