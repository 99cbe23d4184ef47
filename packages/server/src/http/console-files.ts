import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import staticFiles from '@fastify/static'
import type { FastifyInstance } from 'fastify'

const dist = fileURLToPath(new URL('../../../console/dist', import.meta.url))

/**
 * The built console. Assets carry a hash in their name and may be kept for ever; the page itself is asked for anew.
 * Addresses that are no file get the page: the console has its own routes.
 */
export async function serveConsole(app: FastifyInstance): Promise<{ sendPage: boolean }> {
  if (!existsSync(`${dist}/index.html`)) return { sendPage: false }
  await app.register(staticFiles, {
    root: dist,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders(reply, path) {
      reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  return { sendPage: true }
}
