/** The first row of an import: which column is where, and what stands between cells. Pure. */
import { type ImportColumn, importColumns } from '@keyhook/contract/directory-words.ts'

export type Columns = (ImportColumn | null)[]

/** Excel writes `;` where the comma is the decimal sign. */
const delimiters = [',', ';', '\t'] as const

/** The delimiter that makes the most known names of the first line; the comma when none does. */
export function delimiterOf(firstLine: string): string {
  const known = (delimiter: string) =>
    firstLine.split(delimiter).filter((cell) => columnOf(cell.replaceAll('"', '')) !== null).length
  return [...delimiters].sort((left, right) => known(right) - known(left))[0] ?? ','
}

/** The columns in their order, or what is wrong with the first row. Letter case and spaces for `_` do not count. */
export function readColumns(cells: readonly string[]): { columns: Columns } | { wrong: string } {
  // Cells without a name at the end of the first row are what a spreadsheet leaves there.
  const named = cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1)
  const columns = named.map(columnOf)
  const unknown = named.filter((_cell, index) => columns[index] === null).map((cell) => `"${shown(cell)}"`)
  if (unknown.length > 0) {
    return {
      wrong: `The first row names columns that are not known: ${unknown.slice(0, 20).join(', ')}. Known are ${importColumns.join(', ')}.`,
    }
  }
  const twice = columns.find((column, index) => columns.indexOf(column) !== index)
  if (twice) return { wrong: `The first row names the column ${twice} twice.` }
  if (!columns.includes('email')) return { wrong: 'The first row must name the column email.' }
  return { columns }
}

function columnOf(cell: string): ImportColumn | null {
  const name = cell.trim().toLowerCase().replaceAll(/[ -]+/g, '_')
  return importColumns.find((column) => column === name) ?? null
}

function shown(cell: string): string {
  return cell.length > 40 ? `${cell.slice(0, 40)}…` : cell
}
