// Builds the console when what it is made of has changed since the last build; otherwise does nothing.
// `dist/.hash` holds the hash of every source the last build was made from.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const consoleFolder = join(import.meta.dirname, '..')
const workspace = join(consoleFolder, '..', '..')
const hashFile = join(consoleFolder, 'dist', '.hash')

const sources = [
  'packages/console/src',
  'packages/console/public',
  'packages/console/index.html',
  'packages/console/vite.config.ts',
  'packages/console/package.json',
  'packages/contract/src',
  'package-lock.json',
].map((path) => join(workspace, path))

/** Every file at or under `path`, sorted, so that the hash does not depend on the file system's order. */
function filesUnder(path) {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function hashOfSources() {
  const hash = createHash('sha256')
  for (const file of sources.flatMap(filesUnder)) {
    const content = readFileSync(file)
    hash.update(`${relative(workspace, file).replaceAll('\\', '/')}\0${content.length}\0`)
    hash.update(content)
  }
  return hash.digest('hex')
}

const wanted = hashOfSources()
const built = existsSync(hashFile) ? readFileSync(hashFile, 'utf8') : null

if (built === wanted) {
  console.log('Console: unchanged, not built again.')
} else {
  const started = performance.now()
  const { build } = await import('vite')
  await build({ configFile: join(consoleFolder, 'vite.config.ts'), logLevel: 'warn' })
  writeFileSync(hashFile, wanted)
  console.log(`Console: built in ${((performance.now() - started) / 1000).toFixed(1)} s.`)
}
