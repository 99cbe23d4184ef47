import type { ImportError } from '@keyhook/contract/api/user-import.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Notice } from '../ui/notice.tsx'
import classes from './import-errors.module.css'

const columns: readonly Column<ImportError & { index: number }>[] = [
  { header: 'Row', cell: ({ row }) => <b className={classes.row}>{row.toLocaleString('en')}</b> },
  { header: 'Column', cell: ({ column }) => (column ? <code>{column}</code> : 'The whole row') },
  { header: 'What is wrong', cell: ({ detail }) => detail },
]

type Props = { errors: readonly ImportError[]; wrong: number }

/** What is wrong with a file, row by row. With anything wrong, nothing of it is taken. */
export function ImportErrors({ errors, wrong }: Props) {
  if (wrong === 0 && errors.length === 0) return null
  return (
    <div className={classes.stack}>
      <Notice
        tone="bad"
        title={
          wrong === 1 ? 'One row cannot be taken.' : `${wrong.toLocaleString('en')} rows cannot be taken.`
        }
      >
        Nothing is imported as long as a row is wrong. Correct the file and choose it again.
        {errors.length < wrong && ` The first ${errors.length.toLocaleString('en')} problems are listed.`}
      </Notice>
      <DataTable
        label="Errors"
        columns={columns}
        rows={errors.map((error, index) => ({ ...error, index }))}
        rowKey={({ index }) => String(index)}
      />
    </div>
  )
}
