/** Writing CSV (RFC 4180) that no spreadsheet takes for a formula. Pure. */

/** Cells that begin so are calculated by spreadsheets. Source: OWASP, CSV injection. */
const formula = /^[=+\-@\t\r]/

/** One line with its end. A cell that a spreadsheet would calculate gets an apostrophe in front. */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(value: string | number | boolean | null): string {
  if (value === null) return ''
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
