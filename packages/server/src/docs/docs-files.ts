/** The files of the `docs` folder that are served: read once, so that no address can reach any other file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** `name` is the address under `/docs/` without the extension: `protocol`, `decisions/0001-…`; empty for the first page. */
export type DocsFile = { readonly name: string; readonly markdown: string }

/** Folders with pages, from `docs` on. */
const pageFolders = ['', 'decisions']

/** Every page in `folder`, by file name; none when there is no such folder. */
export function readPages(folder: string): DocsFile[] {
  return pageFolders.flatMap((sub) =>
    filesIn(path.join(folder, sub), '.md').map((file) => ({
      name: nameOf(path.posix.join(sub, file)),
      markdown: readFileSync(path.join(folder, sub, file), 'utf8'),
    })),
  )
}

/** The pictures of the pages, by their address under `/docs/`. */
export function readPictures(folder: string): Map<string, Buffer> {
  const files = filesIn(path.join(folder, 'images'), '.png')
  return new Map(files.map((file) => [`images/${file}`, readFileSync(path.join(folder, 'images', file))]))
}

/** The page name of a Markdown file in the `docs` folder. */
export function nameOf(file: string): string {
  return file.replace(/\.md$/, '').replace(/^README$/, '')
}

function filesIn(folder: string, extension: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension))
    .sort()
}
