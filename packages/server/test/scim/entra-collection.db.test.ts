/** The requests with which Microsoft tries SCIM services for Entra ID: fixtures/scim-entra. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { serviceForTest } from '../support/harness.ts'
import { type Collection, type Replayed, replay } from './postman.ts'
import { scimClient } from './scim-client.ts'

const file = new URL('../fixtures/scim-entra/PostmanCollection.json', import.meta.url)
const source = readFileSync(file, 'utf8')
const collection = JSON.parse(source) as Collection
const written = source.match(/pm\.test\(/g)?.length

const failures = (replayed: readonly Replayed[]) =>
  replayed.flatMap(({ request, expectations }) =>
    expectations.flatMap(({ name, failure }) => (failure === null ? [] : `${request}: ${name}: ${failure}`)),
  )

test('every request of the collection is answered as it expects', async () => {
  const service = await serviceForTest()
  const { token } = await scimClient(service, 'Entra ID')
  const { protocol, hostname, port } = new URL(service.url)
  const variables = new Map([
    ['Protocol', protocol.slice(0, -1)],
    ['Server', hostname],
    ['Port', `:${port}`],
    ['Api', 'scim/v2'],
  ])
  // The sample service gives tokens to everyone; here an administrator has made it.
  const withToken = (name: string) =>
    name === 'Get Token / Get Token' ? { status: 200, body: JSON.stringify({ token }) } : null

  const replayed = await replay(collection, variables, withToken)
  expect(failures(replayed)).toEqual([])
  expect(replayed).toHaveLength(79)
  expect(replayed.flatMap(({ expectations }) => expectations)).toHaveLength(written ?? 0)
})
