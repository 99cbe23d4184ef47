/** One row of an import by itself: what its cells say, and which are wrong. Pure. */
import { groupFields } from '@keyhook/contract/api/group.ts'
import { userFields } from '@keyhook/contract/api/user.ts'
import type { ImportError } from '@keyhook/contract/api/user-import.ts'
import { type ImportColumn, type UserStatus, userStatuses } from '@keyhook/contract/directory-words.ts'
import type { z } from 'zod'
import type { TableRow } from './import-table.ts'

/** A member that is absent stays as it is; `null`, and an empty name or list, clear. */
export type ImportRow = {
  row: number
  email: string
  /** Absent too when the cell is empty: a user name is never cleared. */
  user_name?: string
  given_name?: string
  family_name?: string
  title?: string | null
  department?: string | null
  managerEmail?: string | null
  status?: UserStatus
  groups?: string[]
}

const mostGroups = 100
const { email, user_name, given_name, family_name, title, department } = userFields.shape
const texts = { user_name, given_name, family_name } as const
const clearable = { title, department } as const

/** Spreadsheets calculate cells that begin so. Source: OWASP, CSV injection. */
const formula = /^[=+\-@\t\r]/

/** What the row says. `errors` is empty when all of it can be taken. */
export function readRow({ row, cells, wrong }: TableRow<ImportColumn>): {
  read: ImportRow
  errors: ImportError[]
} {
  const read: ImportRow = { row, email: (cells.email ?? '').trim() }
  if (wrong !== null) return { read, errors: [{ row, column: null, detail: wrong }] }
  const errors: ImportError[] = []
  const error = (column: ImportColumn, detail: string) => void errors.push({ row, column, detail })
  /** The text of a cell as the schema takes it; undefined when it does not. */
  const parsed = (column: ImportColumn, cell: string, schema: z.ZodType<string | null>) => {
    const why = formulaIn(cell)
    if (why !== null) return error(column, why)
    const result = schema.safeParse(cell.trim())
    if (result.success) return result.data ?? undefined
    return error(column, `${result.error.issues[0]?.message ?? 'Not valid'}.`)
  }

  read.email = parsed('email', cells.email ?? '', email) ?? read.email
  for (const column of ['user_name', 'given_name', 'family_name'] as const) {
    const cell = cells[column]
    if (cell === undefined || (column === 'user_name' && cell.trim() === '')) continue
    const text = parsed(column, cell, texts[column])
    if (text !== undefined) read[column] = text
  }
  for (const column of ['title', 'department'] as const) {
    const cell = cells[column]
    if (cell === undefined) continue
    read[column] = cell.trim() === '' ? null : (parsed(column, cell, clearable[column]) ?? null)
  }
  if (cells.manager_email !== undefined) {
    const cell = cells.manager_email
    read.managerEmail = cell.trim() === '' ? null : (parsed('manager_email', cell, email) ?? null)
  }
  const status = cells.status?.trim().toLowerCase()
  if (status) {
    const known = userStatuses.find((one) => one === status)
    if (known) read.status = known
    else error('status', 'Must be active or inactive.')
  }
  if (cells.groups !== undefined) read.groups = readGroups(cells.groups, (why) => error('groups', why))
  return { read, errors }
}

/** Group names between semicolons, each once. */
function readGroups(cell: string, error: (why: string) => void): string[] {
  const names = new Map<string, string>()
  for (const part of cell.split(';')) {
    const why = formulaIn(part)
    if (why !== null) error(why)
    const name = part.trim()
    if (name === '') continue
    const result = groupFields.shape.name.safeParse(name)
    if (!result.success) error(`A group name: ${result.error.issues[0]?.message}.`)
    else if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name)
  }
  if (names.size > mostGroups) error(`At most ${mostGroups} groups.`)
  return [...names.values()]
}

function formulaIn(cell: string): string | null {
  const [sign] = formula.exec(cell) ?? formula.exec(cell.trim()) ?? []
  if (sign === undefined) return null
  const name = sign === '\t' ? 'a tab' : sign === '\r' ? 'a line break' : sign
  return `Begins with ${name}, which a spreadsheet takes for a formula. Write it without.`
}
