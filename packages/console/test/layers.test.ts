import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const source = join(import.meta.dirname, '../src')

/** Each folder and what its files may import; `.` is the files beside main.tsx that know the server. */
const allowed: Record<string, string[]> = {
  ui: ['ui'],
  components: ['components', 'ui', '.'],
  forms: ['forms', 'components', 'ui', '.'],
  pages: ['pages', 'forms', 'components', 'ui', '.'],
}

function folderOf(file: string): string {
  const [folder, ...rest] = relative(source, file).split('/')
  return folder === undefined || rest.length === 0 ? '.' : folder
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => join(source, path))

function importsOf(file: string): string[] {
  const own = readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)
  return [...own].map(([, path]) => join(dirname(file), path ?? ''))
}

test('Imports point one way: pages, forms, components, ui', () => {
  const wrong = files.flatMap((file) => {
    const may = allowed[folderOf(file)]
    return importsOf(file)
      .filter((imported) => may && !may.includes(folderOf(imported)))
      .map((imported) => `${relative(source, file)} imports ${relative(source, imported)}`)
  })
  expect(wrong).toEqual([])
})

test('Only the site map imports pages, so that each is loaded when it is opened', () => {
  const others = files.filter((file) => !['pages'].includes(folderOf(file)) && !file.endsWith('routes.tsx'))
  const wrong = others.filter((file) => importsOf(file).some((imported) => folderOf(imported) === 'pages'))
  expect(wrong).toEqual([])
})

test('Of the contract, nothing is bundled that brings the schema library along', () => {
  const schemas = /^import (?!type\b)[^'\n]*from '@keyhook\/contract\/api\//m
  expect(files.filter((file) => schemas.test(readFileSync(file, 'utf8')))).toEqual([])
})
