import { readFileSync } from 'node:fs'

const root = new URL('../../../../test/fixtures/', import.meta.url)

export function fixture(path: string): string {
  return readFileSync(new URL(path, root), 'utf8')
}

/** The CIDRs of both IANA special-purpose registries, one a row and entry. */
export function specialPurposeCidrs(): string[] {
  return ['ipv4', 'ipv6'].flatMap((family) =>
    fixture(`iana-special-purpose/${family}.csv`)
      .split('\n')
      .slice(1)
      .flatMap((line) =>
        (line.startsWith('"') ? line.slice(1, line.indexOf('"', 1)) : (line.split(',')[0] ?? '')).split(','),
      )
      .map((cell) => cell.replace(/\[\d+\]/, '').trim())
      .filter(Boolean),
  )
}
