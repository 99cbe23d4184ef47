/** The rows of an uploaded CSV file (RFC 4180), one after the other. */
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { maxImportRows } from '@keyhook/contract/directory-words.ts'
import { CsvError, parse } from 'csv-parse'
import { ProblemError } from '../lib/problem-error.ts'
import { type Columns, delimiterOf, readColumns, type TableShape } from './import-columns.ts'
import { whyUnreadable } from './import-encoding.ts'

/** A row by its columns; `row` as a spreadsheet counts. */
export type TableRow<Column extends string> = {
  row: number
  cells: Partial<Record<Column, string>>
  wrong: string | null
}

const maxRowCharacters = 65_536
const chunkBytes = 65_536
/** After so many rows other requests get their turn. */
const rowsAtOnce = 500

/** Throws `csv_unreadable` for what is no CSV file with known columns. Rows without any text are left out. */
export async function* readTable<Column extends string>(
  bytes: Buffer,
  shape: TableShape<Column>,
): AsyncGenerator<TableRow<Column>> {
  const why = whyUnreadable(bytes)
  if (why !== null) throw unreadable(why)
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(firstLineOf(bytes), shape),
    relax_column_count: true,
    skip_empty_lines: false,
    max_record_size: maxRowCharacters,
  })
  Readable.from(chunksOf(bytes)).pipe(parser)
  let row = 0
  let columns: Columns<Column> | null = null
  let found = 0
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1
      if (row % rowsAtOnce === 0) await nextTurn()
      if (columns === null) {
        const read = readColumns(cells, shape)
        if ('wrong' in read) throw unreadable(read.wrong)
        columns = read.columns
        continue
      }
      if (cells.every((cell) => cell.trim() === '')) continue
      found += 1
      if (found > maxImportRows)
        throw unreadable(
          `More than ${maxImportRows.toLocaleString('en')} ${shape.rows}: import them in parts.`,
        )
      yield { row, ...named(columns, cells) }
    }
  } catch (error) {
    if (error instanceof CsvError) throw unreadable(wordsFor(error))
    throw error
  } finally {
    parser.destroy()
  }
  if (columns === null) throw unreadable('The first row must name the columns.')
}

function named<Column extends string>(
  columns: Columns<Column>,
  cells: readonly string[],
): Omit<TableRow<Column>, 'row'> {
  const extra = cells.slice(columns.length).some((cell) => cell.trim() !== '')
  const wrong =
    extra || cells.length < columns.length
      ? `The first row has ${columns.length} cells and this one ${cells.length}. A cell with the delimiter in it must be in quotes.`
      : null
  return {
    cells: Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])) as Partial<
      Record<Column, string>
    >,
    wrong,
  }
}

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += chunkBytes) yield bytes.subarray(from, from + chunkBytes)
}

function firstLineOf(bytes: Buffer): string {
  const text = bytes
    .subarray(0, 4_096)
    .toString()
    .replace(/^\ufeff/, '')
  return text.split(/\r\n|\n|\r/, 1)[0] ?? ''
}

function wordsFor({ code, message, ...more }: CsvError): string {
  const { lines } = more as { lines?: unknown }
  const at = typeof lines === 'number' ? `Line ${lines}: ` : ''
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'A cell begins with a quote and never ends: look for a single " in the file. In a cell, write it twice ("").'
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return `${at}a " stands within a cell. Put the whole cell in quotes and write the quote twice ("").`
    case 'CSV_MAX_RECORD_SIZE':
      return `${at}a row has more than ${maxRowCharacters.toLocaleString('en')} characters; a quote may be missing.`
    default:
      return `${at}${message}`
  }
}

function unreadable(detail: string): ProblemError {
  return new ProblemError('csv_unreadable', detail)
}
