import type { ReactNode } from 'react'
import classes from './data-table.module.css'

export type Column<Row> = {
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** The header is for screen readers only, as over a column of menus. */
  readonly headerHidden?: boolean
  /** Left out where the table is a list of cards. */
  readonly wideOnly?: boolean
}

type Props<Row> = {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
}

/** A table that becomes a list of cards on a narrow screen. */
export function DataTable<Row>({ label, columns, rows, rowKey }: Props<Row>) {
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.header} scope="col">
              <span className={column.headerHidden ? classes.hidden : undefined}>{column.header}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => (
              <td
                key={column.header}
                className={column.wideOnly ? classes.wideOnly : undefined}
                {...(column.headerHidden ? { 'data-actions': true } : { 'data-label': column.header })}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
