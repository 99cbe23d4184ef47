import { ConfigError } from '../config.ts'
import { NewerDatabaseError } from '../db/migrate.ts'
import { FolderInUseError } from '../lib/folder-lock.ts'
import { SecretBoxError } from '../lib/secret-box.ts'

/**
 * One sentence for the person at the terminal: what is wrong and what to do. `failed` stands before errors that say only
 * what is wrong.
 */
export function explainStartError(
  error: unknown,
  env: NodeJS.ProcessEnv,
  failed = 'Keyhook could not start',
): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof FolderInUseError) {
    return `The data folder ${error.message} is in use by another Keyhook; stop that one, or set KEYHOOK_DATA_DIR to another folder.`
  }
  if (error instanceof NewerDatabaseError) {
    return `The data was written by a newer Keyhook (it has the step ${error.message}); start that version, or use other data.`
  }
  if (error instanceof SecretBoxError) {
    return `Stored secrets do not open with the encryption key that is set: ${error.message}. Set KEYHOOK_ENCRYPTION_KEY (or the encryption-key file of the data folder) to the key that they were stored with.`
  }
  const { code, message, port, address, path } = error as NodeJS.ErrnoException & {
    port?: number
    address?: string
  }
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${address} is taken by another program; stop it, or choose another port: PORT=${(port ?? 3000) + 10} npm start`
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${address}; set HOST to one that it has, for example 127.0.0.1.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return path
        ? `${path} cannot be written; give this user the right to, or set KEYHOOK_DATA_DIR to another folder.`
        : `Port ${port} may not be used by this user; choose one above 1023 with PORT.`
    case 'ENOSPC':
      return 'The disk is full; make room and start again.'
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'ETIMEDOUT':
      return 'PostgreSQL does not answer at DATABASE_URL; check that it runs and that host and port are right.'
    case '28P01':
    case '28000':
      return 'PostgreSQL refuses the user or password in DATABASE_URL.'
    case '3D000':
      return 'The database that DATABASE_URL names does not exist; create it first.'
    default:
      // A developer who asks for it gets the whole stack.
      return env.LOG_LEVEL === 'debug' && error instanceof Error && error.stack
        ? error.stack
        : `${failed}: ${message}`
  }
}
