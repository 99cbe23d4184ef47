/** The repository tests itself: each rule here is one that reviewers would otherwise have to remember. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  // A file that was removed is listed until the removal is committed.
  .filter((file) => /\.(ts|tsx)$/.test(file) && existsSync(path.join(root, file)))
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const importsOf = (file: string) =>
  [
    ...read(file).matchAll(/(?:^(?:import|export) [^'\n]*from |^\} from |^import |import\(\s*)'([^']+)'/gm),
  ].map((match) => match[1] ?? '')

// Each may import only what stands before it; files of `src` itself are in the line by their own name.
const serverLine = [
  'lib',
  'egress',
  'config.ts',
  'db',
  'context.ts',
  'http',
  'events',
  'auth',
  'docs',
  'directory',
  'scim',
  'notices',
  'endpoint-auth',
  'conditions',
  'circuit',
  'webhooks',
  'deliveries',
  'streams',
  'apps',
  'access',
  'reviews',
  'inactivity',
  'offboarding',
  'sandbox',
  'app.ts',
  'service.ts',
  'cli',
  'bin.ts',
]

describe('imports', () => {
  test('the server folders form one line, each importing only what stands before it', () => {
    const wrong: string[] = []
    const source = 'packages/server/src/'
    for (const file of files.filter((name) => name.startsWith(source))) {
      const place = placeOf(file.slice(source.length))
      expect(serverLine, file).toContain(place)
      for (const target of importsOf(file).filter((name) => name.startsWith('.'))) {
        const imported = placeOf(path.posix.join(path.posix.dirname(file), target).slice(source.length))
        if (serverLine.indexOf(imported) > serverLine.indexOf(place)) wrong.push(`${file} -> ${target}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('the contract imports nothing but zod and, for signing on the server, node:crypto', () => {
    for (const file of files.filter((name) => name.startsWith('packages/contract/src/'))) {
      for (const target of importsOf(file)) expect(target, file).toMatch(/^\.{1,2}\/|^zod$|^node:crypto$/)
    }
  })

  test('the console meets the server over HTTP only', () => {
    for (const file of files.filter((name) => name.startsWith('packages/console/src/'))) {
      for (const target of importsOf(file))
        expect(target, file).not.toMatch(/packages\/server|@keyhook\/server|^node:/)
    }
  })

  test('every package is imported by the workspace that declares it', () => {
    for (const workspace of ['contract', 'server', 'console']) {
      const manifest = JSON.parse(read(`packages/${workspace}/package.json`))
      const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
      for (const file of files.filter((name) => name.startsWith(`packages/${workspace}/src/`))) {
        for (const target of importsOf(file).filter(
          (name) => /^[@a-z]/.test(name) && !name.startsWith('node:'),
        )) {
          const name = target
            .split('/')
            .slice(0, target.startsWith('@') ? 2 : 1)
            .join('/')
          expect(declared, `${file} imports ${target}`).toContain(name)
        }
      }
    }
  })
})

describe('code', () => {
  test('only config.ts and the entry point read the environment', () => {
    const readers = files.filter(
      (file) => file.startsWith('packages/') && file.includes('/src/') && /process\.env/.test(read(file)),
    )
    expect(readers).toEqual(['packages/server/src/bin.ts'])
  })

  test('no file in src is longer than 300 lines', () => {
    const long = files.filter((file) => file.includes('/src/') && read(file).split('\n').length > 300)
    expect(long).toEqual([])
  })

  test('no test is skipped or runs alone', () => {
    for (const file of files.filter(
      (name) => /\.test\.tsx?$/.test(name) && name !== 'test/repository.test.ts',
    )) {
      expect(read(file), file).not.toMatch(/\b(test|it|describe)\.(only|skip|todo)\b/)
    }
  })

  test('dependencies are pinned to exact versions and the lockfile names no address', () => {
    for (const manifest of ['.', 'packages/contract', 'packages/server', 'packages/console']) {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(read(`${manifest}/package.json`))
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        expect(version, name).toMatch(/^\d+\.\d+\.\d+/)
      }
    }
    expect(read('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/)
  })
})

/** `deliveries/deliver.ts` is in `deliveries`; `app.ts` stands for itself. */
function placeOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : file
}
