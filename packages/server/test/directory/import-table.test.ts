import { importColumns } from '@keyhook/contract/directory-words.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { whyUnreadable } from '../../src/directory/import-encoding.ts'
import { readTable } from '../../src/directory/import-table.ts'
import { csvLine } from '../../src/lib/csv.ts'

const shape = { known: importColumns, required: 'email', rows: 'users' } as const

async function read(text: string) {
  const rows = []
  for await (const row of readTable(Buffer.from(text), shape)) rows.push(row)
  return rows
}

/** Text that no spreadsheet calculates, with what CSV has to quote. */
const cell = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a-z ",;\r\n\u00e9]*$/))
  .filter((text) => !/^[=+\-@\t\r\ufeff]|\0/.test(text))

describe('a table', () => {
  test('is read as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .uniqueArray(fc.constantFrom(...importColumns), { minLength: 1 })
          .map((columns) => [...new Set<(typeof importColumns)[number]>(['email', ...columns])]),
        fc.array(fc.array(cell, { minLength: importColumns.length, maxLength: importColumns.length })),
        async (columns, cells) => {
          const rows = cells.map((row) => ['a@b.example', ...row.slice(1, columns.length)])
          const found = await read([columns, ...rows].map(csvLine).join(''))
          expect(found.map((row) => columns.map((column) => row.cells[column]))).toEqual(rows)
          expect(found.every(({ wrong }) => wrong === null)).toBe(true)
        },
      ),
    )
  })

  test('is read across the pieces that it comes in', async () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => `user${index}@a.example,"Zoë, ""${index}"""`)
    const found = await read(['email,given_name', ...rows].join('\n'))
    expect(found).toHaveLength(5_000)
    expect(found.at(-1)).toEqual({
      row: 5_001,
      cells: { email: 'user4999@a.example', given_name: 'Zoë, "4999"' },
      wrong: null,
    })
  })
})

describe('bytes that are not UTF-8', () => {
  test('are told by their line', () => {
    fc.assert(
      fc.property(
        fc.nat(2_000),
        fc.nat(2_000),
        fc.integer({ min: 0xa0, max: 0xff }),
        (before, after, byte) => {
          const line = (index: number) => `line ${index} é €`
          const lines = (count: number) =>
            Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('')
          const bytes = Buffer.concat([
            Buffer.from(lines(before)),
            Buffer.from([byte, 0x41]),
            Buffer.from(lines(after)),
          ])
          expect(whyUnreadable(bytes)).toContain(`see line ${before + 1}:`)
        },
      ),
    )
  })
})
