/**
 * One process per data folder. The lock is a local socket that the owner listens on: the system closes it with the
 * process, however that ends, so a lock never outlives its owner and no time limit has to be guessed.
 */
import { createHash, randomUUID } from 'node:crypto'
import { realpathSync, rmSync, statSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** The folder is used by another running process. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError'
}

const isPipe = process.platform === 'win32'

export type FolderLock = { release(): Promise<void> }

/** Takes the lock of an existing folder. Throws `FolderInUseError` when another process has it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const address = socketAddress(realpathSync(folder))
  const nonce = randomUUID()
  const found = identityOf(address)
  if ((await ask(address)) !== null) throw new FolderInUseError(folder)
  // Of two processes that find the same stale socket the slower one must not remove the socket of the faster.
  if (identityOf(address) !== found) throw new FolderInUseError(folder)
  if (!isPipe) rmSync(address, { force: true })
  const server = await listen(address, nonce).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') throw new FolderInUseError(folder)
    throw error
  })
  server.unref()
  // The last word: who listens there now. The loser's server stays, for closing it would remove the winner's socket.
  if ((await ask(address)) !== nonce) throw new FolderInUseError(folder)
  return { release: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** Tells one socket file from the next at the same path; empty when there is none. Pipes leave no files. */
function identityOf(address: string): string {
  if (isPipe) return ''
  const stat = statSync(address, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.ino} ${stat.ctimeNs}` : ''
}

function socketAddress(folder: string): string {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  if (isPipe) return `\\\\.\\pipe\\keyhook-${hash}`
  const inside = path.join(folder, 'keyhook.sock')
  // The system cuts socket addresses at about 100 bytes.
  return Buffer.byteLength(inside) <= 100 ? inside : path.join(tmpdir(), `keyhook-${hash}.sock`)
}

function listen(address: string, nonce: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.end(nonce)
    })
    server.once('error', reject)
    server.listen(address, () => resolve(server))
  })
}

const nobody = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK']

/** What the owner of the address says, or null when nobody listens. */
function ask(address: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(address)
    let said = ''
    socket.setTimeout(2_000, () => {
      socket.destroy()
      resolve('')
    })
    socket.on('data', (chunk) => {
      said += chunk
    })
    socket.on('end', () => {
      socket.destroy()
      resolve(said)
    })
    // Anything but silence means that there is an owner, if only one whom this user may not ask.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve(nobody.includes(error.code ?? '') ? null : ''),
    )
  })
}
