/** The catalogue of events against the code: nothing is listed that no code appends. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogueTypes } from '@keyhook/contract/events/catalogue.ts'
import { expect, test } from 'vitest'

// The other way round needs no test here: `NewEvent` takes no other type, and the harness checks what is appended.
test('each type of the catalogue is appended somewhere', () => {
  const folder = join(import.meta.dirname, '..', '..', 'src')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts'),
  )
  const code = files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8')).join('\n')
  expect(catalogueTypes.filter((type) => !code.includes(`'${type}'`))).toEqual([])
})
