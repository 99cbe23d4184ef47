/**
 * How the command line of the same system user reaches a server that holds the only database connection (PGlite): a
 * token in a file of mode 0600, valid from this machine and until the server stops.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { isLoopback } from '../config.ts'
import type { Principal } from '../http/principal.ts'

const prefix = 'khl_'

/** Who calls from the command line of this machine. */
export const commandLine: Principal = {
  kind: 'api_key',
  id: 'local',
  name: 'Command line on this machine',
  email: null,
  role: 'admin',
}

/** The server that has the data folder open, for programs of the same system user. */
export type LocalAdmin = z.infer<typeof localAdmin>

const localAdmin = z.object({ url: z.url(), token: z.string() })

export function newLocalToken(): string {
  return prefix + randomBytes(32).toString('base64url')
}

export function writeLocalAdmin(dataDir: string, local: LocalAdmin): void {
  const file = fileIn(dataDir)
  // A file of a process that was killed may be there, perhaps with a wider mode.
  rmSync(file, { force: true })
  writeFileSync(file, JSON.stringify(local), { mode: 0o600, flag: 'wx' })
}

export function removeLocalAdmin(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true })
}

/** What the running server wrote; null when there is none. */
export function readLocalAdmin(dataDir: string): LocalAdmin | null {
  try {
    return localAdmin.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')))
  } catch {
    return null
  }
}

/** The principal of a local token, if `bearer` is it and the caller is on this machine. */
export function localPrincipal(bearer: string, token: string, connection: Connection): Principal | null {
  if (!bearer.startsWith(prefix) || !isFromHere(connection)) return null
  const hash = (text: string) => createHash('sha256').update(text).digest()
  if (!timingSafeEqual(hash(bearer), hash(token))) return null
  return commandLine
}

type Connection = { readonly remoteAddress?: string | undefined; readonly localAddress?: string | undefined }

/** When the server listens on an outer address only, this machine reaches it from that very address. */
function isFromHere({ remoteAddress, localAddress }: Connection): boolean {
  if (remoteAddress === undefined) return false
  return remoteAddress === localAddress || isLoopback(remoteAddress.replace(/^::ffff:/, ''))
}

function fileIn(dataDir: string): string {
  return path.join(dataDir, 'local-admin.json')
}
