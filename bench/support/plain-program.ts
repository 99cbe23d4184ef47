/**
 * The plain thing that a team would write: a Fastify route that calls the receiver with the global `fetch` and commits
 * two rows, one before and one after. With the argument `unrecorded` it calls through undici and records nothing.
 */
import Fastify from 'fastify'
import { Pool as Database } from 'pg'
import { Pool } from 'undici'

const [receiver = '', mode = 'plain'] = process.argv.slice(2)
const app = Fastify()

if (mode === 'unrecorded') {
  const { origin, pathname } = new URL(receiver)
  const pool = new Pool(origin, { connections: 64 })
  app.post('/invoke', async (request) => {
    const answer = await pool.request({
      path: pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request.body),
    })
    return answer.body.json()
  })
} else {
  const database = new Database({ connectionString: process.env.DATABASE_URL, max: 10 })
  await database.query(
    'create table sent (id serial primary key, payload jsonb, at timestamptz default now())',
  )
  await database.query(
    'create table answered (sent_id integer, status integer, body jsonb, at timestamptz default now())',
  )
  app.post('/invoke', async (request) => {
    const payload = JSON.stringify(request.body)
    const sent = await database.query('insert into sent (payload) values ($1) returning id', [payload])
    const answer = await fetch(receiver, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: payload,
      signal: AbortSignal.timeout(15_000),
    })
    const body = await answer.json()
    await database.query('insert into answered (sent_id, status, body) values ($1, $2, $3)', [
      sent.rows[0].id,
      answer.status,
      JSON.stringify(body),
    ])
    return body
  })
}
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
process.on('SIGTERM', () => process.exit(0))
