/**
 * `keyhook serve` that dies by its own hand at a chosen moment: right before or right after a statement of the database.
 * The statement is recognised in the drivers, so the product has no switch for it. It waits for SIGUSR2 first.
 */
import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'
import { serve } from '../../packages/server/src/cli/serve.ts'

const [when = '', pattern = ''] = (process.env.CRASH_AT ?? '').split(':')
const statement = new RegExp(pattern)
let armed = false
process.on('SIGUSR2', () => {
  armed = true
  process.stderr.write('armed\n')
})

const die = () => process.kill(process.pid, 'SIGKILL')
type Query = (this: unknown, ...args: unknown[]) => unknown

/** Dies where `CRASH_AT` says, if the statement is the one. */
function crashing(query: Query): Query {
  return function (...args) {
    const [first] = args
    const text = typeof first === 'string' ? first : String((first as { text?: unknown } | undefined)?.text)
    const meant = armed && when !== '' && statement.test(text)
    if (meant && when === 'before') die()
    const result = query.apply(this, args)
    if (!meant || when !== 'after') return result
    return Promise.resolve(result).then(() => {
      die()
      // The signal takes a moment; nothing may happen in it.
      return new Promise(() => {})
    })
  }
}

for (const driver of [PGlite.prototype, Client.prototype] as unknown as { query: Query }[]) {
  driver.query = crashing(driver.query)
}

process.exitCode = await serve(process.env)
