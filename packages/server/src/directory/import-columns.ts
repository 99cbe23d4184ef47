/** The first row of an import: which column is where, and what stands between cells. Pure. */

/** Which columns a file may have. */
export type TableShape<Column extends string> = {
  known: readonly Column[]
  required: Column
  /** What the rows are, in words. */
  rows: string
}

export type Columns<Column extends string> = (Column | null)[]

/** Excel writes `;` where the comma is the decimal sign. */
const delimiters = [',', ';', '\t'] as const

/** The delimiter that makes the most known names of the first line; the comma when none does. */
export function delimiterOf<Column extends string>(firstLine: string, shape: TableShape<Column>): string {
  const known = (delimiter: string) =>
    firstLine.split(delimiter).filter((cell) => columnOf(cell.replaceAll('"', ''), shape) !== null).length
  return [...delimiters].sort((left, right) => known(right) - known(left))[0] ?? ','
}

/** The columns in their order, or what is wrong with the first row. Letter case and spaces for `_` do not count. */
export function readColumns<Column extends string>(
  cells: readonly string[],
  shape: TableShape<Column>,
): { columns: Columns<Column> } | { wrong: string } {
  // Cells without a name at the end of the first row are what a spreadsheet leaves there.
  const named = cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1)
  const columns = named.map((cell) => columnOf(cell, shape))
  const unknown = named.filter((_cell, index) => columns[index] === null).map((cell) => `"${shown(cell)}"`)
  if (unknown.length > 0) {
    return {
      wrong: `The first row names columns that are not known: ${unknown.slice(0, 20).join(', ')}. Known are ${shape.known.join(', ')}.`,
    }
  }
  const twice = columns.find((column, index) => columns.indexOf(column) !== index)
  if (twice) return { wrong: `The first row names the column ${twice} twice.` }
  if (!columns.includes(shape.required))
    return { wrong: `The first row must name the column ${shape.required}.` }
  return { columns }
}

function columnOf<Column extends string>(cell: string, { known }: TableShape<Column>): Column | null {
  const name = cell.trim().toLowerCase().replaceAll(/[ -]+/g, '_')
  return known.find((column) => column === name) ?? null
}

function shown(cell: string): string {
  return cell.length > 40 ? `${cell.slice(0, 40)}…` : cell
}
