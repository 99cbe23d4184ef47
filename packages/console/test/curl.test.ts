import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { curlCommand } from '../src/components/curl.ts'

function requestWith(
  headers: [string, string][],
  body = '{"a":1}',
  url = 'https://hooks.example.com/k?x=1&y=2',
) {
  return { method: 'POST' as const, url, headers: headers.map(([name, value]) => ({ name, value })), body }
}

/** The words that a POSIX shell makes of a command, with the environment given. */
function shellWords(command: string, environment: Record<string, string> = {}): string[] {
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${command}`
  return execFileSync('sh', ['-c', script], { env: environment, encoding: 'utf8' }).split('\0').slice(0, -1)
}

test('The command repeats method, address, headers and body', () => {
  const words = shellWords(curlCommand(requestWith([['content-type', 'application/json']])))
  expect(words).toEqual([
    '-i',
    '-X',
    'POST',
    'https://hooks.example.com/k?x=1&y=2',
    '-H',
    'content-type: application/json',
    '--data-raw',
    '{"a":1}',
  ])
})

test('A custom header is a shell variable named after it', () => {
  const command = curlCommand(requestWith([['x-api-key', '••••••']]))
  expect(command).not.toContain('•')
  expect(shellWords(command, { X_API_KEY: 'se cret"$HOME' })).toContain('x-api-key: se cret"$HOME')
})

test('A masked value is never written out, also of a header that Keyhook sets itself', () => {
  expect(curlCommand(requestWith([['accept', '••••••']]))).toContain('$ACCEPT')
})

test('Framing headers are left to curl', () => {
  const command = curlCommand(
    requestWith([
      ['Host', 'hooks.example.com'],
      ['content-length', '7'],
      ['accept-encoding', 'identity'],
    ]),
  )
  expect(command).not.toMatch(/host:|content-length|accept-encoding/i)
})

test.each([`it's`, '$(touch /nowhere)', '`id`', '"; exit 1; "', "'\\''", 'line\nbreak', '!history', '\\'])(
  'The shell leaves %j in body, address and header name alone',
  (text) => {
    const command = curlCommand(
      requestWith(
        [
          [`x-${text}`, '••••••'],
          ['user-agent', text],
        ],
        text,
        `https://h.example/${text}`,
      ),
    )
    expect(shellWords(command)).toEqual([
      '-i',
      '-X',
      'POST',
      `https://h.example/${text}`,
      '-H',
      `x-${text}: `,
      '-H',
      `user-agent: ${text}`,
      '--data-raw',
      text,
    ])
  },
)
