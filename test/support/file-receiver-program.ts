/**
 * A SIEM receiver that writes down what it got before it answers, and refuses half of it: `<port> <file>`. The file, one
 * line of JSON for each POST, is all that the test counts by.
 */
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'

const [port = '0', file = ''] = process.argv.slice(2)

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const numbers = Buffer.concat(chunks)
      .toString()
      .matchAll(/"n":(\d+)/g)
    const taken = Math.random() < 0.5
    const line = { id: request.headers['webhook-id'], taken, numbers: [...numbers].map(([, n]) => Number(n)) }
    appendFileSync(file, `${JSON.stringify(line)}\n`)
    response.writeHead(taken ? 200 : 503, { 'content-length': 0 }).end()
  })
})
server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${port}/\n`))
