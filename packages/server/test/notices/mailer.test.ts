/** Mail to a real SMTP server: encryption, sign-in, what servers answer. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { SMTPServerOptions } from 'smtp-server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createMailer } from '../../src/notices/mailer.ts'
import { exampleNotice } from '../../src/notices/notice-templates.ts'
import { renderNotice } from '../../src/notices/notice-text.ts'
import { fixture } from '../egress/fixtures.ts'
import { mailboxForTest } from './mailbox.ts'

const from = 'Keyhook <keyhook@corp.example>'
const grace = { name: 'Grace Hopper', address: 'grace@corp.example' }
const notice = renderNotice({
  kind: 'approval_asked',
  data: { ...exampleNotice, who: 'Zoë Ødegård' },
  name: grace.name,
  baseUrl: 'https://keyhook.example.com',
})

function mailer(url: string, shutdown = new AbortController().signal) {
  const made = createMailer({ url: new URL(url), from }, shutdown)
  if (!made) throw new Error('mail is set up here')
  onTestFinished(() => made.close())
  return made
}

/** As an operator does with NODE_EXTRA_CA_CERTS. */
function trustTestAuthority() {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, fixture('tls/authority.pem')])
  onTestFinished(() => setDefaultCACertificates(before))
}

const tls = (certificate: string): SMTPServerOptions => ({
  cert: fixture(`tls/${certificate}`),
  key: fixture('tls/receiver.key'),
})

/** Knows one user. */
const signIn: SMTPServerOptions = {
  authOptional: false,
  onAuth({ username, password }, _session, done) {
    const right = username === 'key@hook' && password === 'p/ss: wörd'
    if (right) done(null, { user: username })
    else done(Object.assign(new Error('5.7.8 bad credentials'), { responseCode: 535 }))
  },
}
const account = 'key%40hook:p%2Fss%3A%20w%C3%B6rd'

test('without an address of a mail server there is no mail', () => {
  expect(createMailer(null, new AbortController().signal)).toBeNull()
})

test('a mail has text and HTML, and its words in any script', async () => {
  const box = await mailboxForTest()
  const sent = await mailer(`smtp://127.0.0.1:${box.port}`).send(grace, notice, 'ntc_1')
  expect(sent).toEqual({ ok: true, detail: expect.stringMatching(/^250 /) })
  expect(box.of(grace.address)).toMatchObject([
    {
      from,
      toHeader: 'Grace Hopper <grace@corp.example>',
      subject: 'Zoë Ødegård asks for Demo App',
      text: notice.text,
      html: notice.html,
      secure: false,
      user: null,
    },
  ])
})

describe('encryption', () => {
  test('smtp: goes over to TLS when the server offers it, and signs in there', async () => {
    trustTestAuthority()
    const box = await mailboxForTest({ ...tls('good.pem'), ...signIn })
    const sent = await mailer(`smtp://${account}@127.0.0.1:${box.port}`).send(grace, notice, 'ntc_1')
    expect(sent).toMatchObject({ ok: true })
    expect(box.of(grace.address)).toMatchObject([{ secure: true, user: 'key@hook' }])
  })

  test('smtps: begins with TLS', async () => {
    trustTestAuthority()
    const box = await mailboxForTest({ ...tls('good.pem'), ...signIn, secure: true })
    const sent = await mailer(`smtps://${account}@127.0.0.1:${box.port}`).send(grace, notice, 'ntc_1')
    expect(sent).toMatchObject({ ok: true })
    expect(box.of(grace.address)).toMatchObject([{ secure: true, user: 'key@hook' }])
  })

  test.each(['self-signed.pem', 'expired.pem', 'other-name.pem', 'of-unknown-authority.pem'])(
    'nothing is sent to a server whose certificate is wrong: %s',
    async (certificate) => {
      trustTestAuthority()
      const box = await mailboxForTest({ ...tls(certificate), ...signIn })
      const sent = await mailer(`smtp://${account}@127.0.0.1:${box.port}`).send(grace, notice, 'ntc_1')
      expect(sent).toMatchObject({ ok: false, fault: 'destination', final: false })
      expect(box.of(grace.address)).toEqual([])
    },
  )

  test('a password is never sent without TLS', async () => {
    const tried: string[] = []
    const box = await mailboxForTest({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth({ username = '' }, _session, done) {
        tried.push(username)
        done(null, { user: username })
      },
    })
    const sent = await mailer(`smtp://${account}@127.0.0.1:${box.port}`).send(grace, notice, 'ntc_1')
    expect(sent).toMatchObject({ ok: false, fault: 'destination' })
    expect(tried).toEqual([])
  })
})

describe('what a server answers', () => {
  test('a wrong password is told without it, and may be right later', async () => {
    trustTestAuthority()
    const box = await mailboxForTest({ ...tls('good.pem'), ...signIn })
    const sent = await mailer(`smtp://key%40hook:secret123@127.0.0.1:${box.port}`).send(grace, notice, 'n')
    expect(sent).toEqual({
      ok: false,
      detail: expect.stringContaining('535 5.7.8 bad credentials'),
      fault: 'destination',
      final: false,
    })
    expect(JSON.stringify(sent)).not.toMatch(/secret123|key@hook/)
  })

  test.each([
    ['421, it closes,', { code: 421, at: 'recipient' }, { fault: 'destination', final: false }],
    ['450 at a recipient', { code: 450, at: 'recipient' }, { fault: 'notice', final: false }],
    ['550 at a recipient', { code: 550, at: 'recipient' }, { fault: 'notice', final: true }],
    ['451 for the mail', { code: 451, at: 'message' }, { fault: 'notice', final: false }],
    ['554 for the mail', { code: 554, at: 'message' }, { fault: 'notice', final: true }],
  ] as const)('%s', async (_title, refusal, expected) => {
    const box = await mailboxForTest()
    box.refuse(() => ({ ...refusal, text: 'as it wants' }))
    const sent = await mailer(`smtp://127.0.0.1:${box.port}`).send(grace, notice, 'ntc_1')
    expect(sent).toMatchObject({ ok: false, detail: expect.stringContaining('as it wants'), ...expected })
  })

  test('550 for who sends is about the server: others would be refused as well', async () => {
    const box = await mailboxForTest({
      onMailFrom: (_address, _session, done) =>
        done(Object.assign(new Error('not from here'), { responseCode: 550 })),
    })
    const sent = await mailer(`smtp://127.0.0.1:${box.port}`).send(grace, notice, 'ntc_1')
    expect(sent).toMatchObject({ ok: false, fault: 'destination', final: false })
  })

  test('an answer that turns its direction is shown as it is written', async () => {
    const box = await mailboxForTest()
    box.refuse(() => ({ code: 550, text: '\u202etxt.exe', at: 'recipient' }))
    const sent = await mailer(`smtp://127.0.0.1:${box.port}`).send(grace, notice, 'ntc_1')
    expect(sent.detail).toContain('550 \\u{202e}txt.exe')
  })
})

describe('servers that are none', () => {
  test('nobody listens', async () => {
    const box = await mailboxForTest()
    await box.down()
    const sent = await mailer(`smtp://127.0.0.1:${box.port}`).send(grace, notice, 'ntc_1')
    expect(sent).toMatchObject({
      ok: false,
      detail: expect.stringContaining('ECONNREFUSED'),
      fault: 'destination',
    })
  })

  test('what does not speak SMTP', async () => {
    const { port } = await listener((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const sent = await mailer(`smtp://127.0.0.1:${port}`).send(grace, notice, 'ntc_1')
    expect(sent).toMatchObject({ ok: false, fault: 'destination', final: false })
  })

  test('who says nothing is waited for only until the server stops', async () => {
    const { port, connected } = await listener(() => {})
    const stopping = new AbortController()
    const sending = mailer(`smtp://127.0.0.1:${port}`, stopping.signal).send(grace, notice, 'ntc_1')
    await connected
    stopping.abort()
    expect(await sending).toMatchObject({ ok: false, fault: 'destination', final: false })
  })
})

async function listener(answer: (socket: Socket) => void) {
  const server = createServer((socket) => answer(socket.on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, connected: once(server, 'connection') }
}
