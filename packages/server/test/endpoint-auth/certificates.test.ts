/** Client certificates and certificates of authorities: what is refused, and what people see of them. */
import {
  certificateAuthorityRead,
  clientCertificateChange,
  clientCertificateRead,
} from '@keyhook/contract/api/authentication.ts'
import { describe, expect, it, test } from 'vitest'
import {
  type ClientCertificate,
  factsOf,
  mergeClientCertificate,
  requireAuthorities,
} from '../../src/endpoint-auth/certificates.ts'
import type { MemberError } from '../../src/lib/problem-error.ts'
import { fixture } from '../egress/fixtures.ts'

const pem = (name: string) => fixture(`client-certificates/${name}`)
const linesOf = (text: string) => text.split('\n')
const now = Date.parse('2026-03-01T00:00:00Z')
const a: ClientCertificate = { certificate: pem('client-a.pem'), privateKey: pem('client-a.key') }

function merge(change: unknown, { stored = null as ClientCertificate | null, sameOrigin = true } = {}) {
  const errors: MemberError[] = []
  const parsed = change === undefined || change === null ? change : clientCertificateChange.parse(change)
  const context = { stored, sameOrigin, at: '/client_certificate', now }
  return { certificate: mergeClientCertificate(parsed, context, errors), errors }
}

describe('a client certificate', () => {
  test.each([['client-a'], ['client-b'], ['client-chain']])('%s with its key is taken as it is', (name) => {
    const change = { certificate: pem(`${name}.pem`), private_key: pem(`${name}.key`) }
    expect(merge(change)).toEqual({
      certificate: { certificate: change.certificate, privateKey: change.private_key },
      errors: [],
    })
  })

  it('with text around it, as tools write it, is taken', () => {
    const certificate = `Bag Attributes\r\n    friendlyName: a\r\n${a.certificate.replaceAll('\n', '\r\n')}`
    expect(merge({ certificate, private_key: a.privateKey }).errors).toEqual([])
  })

  test.each<[string, Record<string, string>, member: string, RegExp]>([
    ['the key of another', { private_key: pem('client-b.key') }, 'private_key', /does not belong/],
    ['an encrypted key', { private_key: pem('client-a-encrypted.key') }, 'private_key', /openssl pkey/],
    ['no key', { private_key: 'hello' }, 'private_key', /not a private key in PEM/],
    ['a certificate as the key', { private_key: a.certificate }, 'private_key', /not a private key in PEM/],
    ['the mask as the key', { private_key: '••••••' }, 'private_key', /not a private key in PEM/],
    ['one that has expired', { certificate: pem('expired.pem') }, 'certificate', /expired on 2021-01-01/],
    [
      'the key in the certificate',
      { certificate: a.certificate + a.privateKey },
      'certificate',
      /a private key in it/,
    ],
    ['no certificate', { certificate: 'hello' }, 'certificate', /not a certificate in PEM/],
    [
      'one that is cut off',
      { certificate: a.certificate.slice(0, 300) },
      'certificate',
      /not a certificate in PEM/,
    ],
    [
      'one that is damaged',
      { certificate: a.certificate.replace(/MII.{20}/, 'MII') },
      'certificate',
      /not a certificate/,
    ],
    [
      'one with a character that is no base64 in its third line',
      { certificate: linesOf(a.certificate).with(2, 'MIIB!abc').join('\n') },
      'certificate',
      /line 3 has a character at position 5 that is no base64/,
    ],
    [
      'one that lacks a character',
      { certificate: a.certificate.replace('MII', 'MI') },
      'certificate',
      /base64 from line 2 on lacks characters/,
    ],
    [
      'one without its last line',
      { certificate: a.certificate.replace('-----END CERTIFICATE-----', '') },
      'certificate',
      /line 1 is cut off; its last line is -----END CERTIFICATE-----/,
    ],
    [
      'one that lacks a line',
      { certificate: linesOf(a.certificate).toSpliced(2, 1).join('\n') },
      'certificate',
      /first and last line are right.*damaged or not complete/,
    ],
    [
      'a request for one',
      { certificate: a.certificate.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST') },
      'certificate',
      /line 1 begins a certificate request; give what begins with -----BEGIN CERTIFICATE-----/,
    ],
    [
      'a key that lacks a line',
      { private_key: linesOf(a.privateKey).toSpliced(1, 1).join('\n') },
      'private_key',
      /first and last line are right|lacks characters/,
    ],
    [
      'the certificate as its key',
      { private_key: a.certificate },
      'private_key',
      /line 1 begins a certificate; give what begins with -----BEGIN PRIVATE KEY-----/,
    ],
    ['one that is indented', { certificate: ` ${a.certificate}` }, 'certificate', /not a certificate in PEM/],
    [
      'one of two that is indented',
      { certificate: `${a.certificate} ${a.certificate}` },
      'certificate',
      /not a certificate/,
    ],
    ['too many', { certificate: a.certificate.repeat(21) }, 'certificate', /21 certificates; at most 20/],
    [
      'the authority first',
      { certificate: pem('authority.pem') + a.certificate },
      'private_key',
      /must come first/,
    ],
    [
      'a short key',
      { certificate: pem('weak.pem'), private_key: pem('weak.key') },
      'certificate',
      /stronger key/,
    ],
  ])('is refused: %s', (_what, change, member, detail) => {
    const { errors } = merge({ certificate: a.certificate, private_key: a.privateKey, ...change })
    expect(errors).toEqual([
      { pointer: `/client_certificate/${member}`, detail: expect.stringMatching(detail) },
    ])
    expect(JSON.stringify(errors)).not.toMatch(/MII|MIG/)
  })

  it('keeps its key while it is the same and the endpoint stays where it is', () => {
    expect(merge({ certificate: `\n${a.certificate}\n` }, { stored: a })).toMatchObject({ errors: [] })
    expect(merge(undefined, { stored: a })).toEqual({ certificate: a, errors: [] })
    expect(merge(null, { stored: a })).toEqual({ certificate: null, errors: [] })
    expect(merge(undefined)).toEqual({ certificate: null, errors: [] })
  })

  test.each<[string, unknown, boolean, ClientCertificate | null]>([
    ['it is another certificate', { certificate: pem('client-b.pem') }, true, a],
    ['the endpoint moved', { certificate: a.certificate }, false, a],
    ['the endpoint moved and nothing was said', undefined, false, a],
    ['there was none', { certificate: a.certificate }, true, null],
  ])('needs its key when %s', (_why, change, sameOrigin, stored) => {
    const { errors } = merge(change, { stored, sameOrigin })
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/client_certificate/private_key'])
  })

  it('is shown with whom it is for and until when', () => {
    const [facts] = factsOf(a.certificate)
    expect(facts).toEqual({
      subject: 'CN=client-a, O=Keyhook',
      not_before: '2020-01-01T00:00:00.000Z',
      expires_at: '2120-01-01T00:00:00.000Z',
      fingerprint_sha256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    })
    const read = { certificate: a.certificate, ...facts, private_key: { is_set: true } }
    expect(clientCertificateRead.parse(read)).toEqual(read)
  })
})

describe('certificates of authorities', () => {
  const problems = (text: string) => {
    const errors: MemberError[] = []
    requireAuthorities(text, '/certificate_authority', now, errors)
    return errors
  }
  const authorities = pem('authority.pem') + fixture('tls/authority.pem')

  it('one or several are taken, and shown in their order', () => {
    expect(problems(pem('authority.pem'))).toEqual([])
    expect(problems(authorities)).toEqual([])
    expect(factsOf(authorities).map(({ subject }) => subject)).toEqual([
      'CN=Keyhook test client authority',
      'CN=Keyhook test authority',
    ])
    const read = { certificates: authorities, authorities: factsOf(authorities) }
    expect(certificateAuthorityRead.parse(read)).toEqual(read)
  })

  test.each<[string, string, RegExp]>([
    ['that of a server', fixture('tls/good.pem'), /^The certificate is not that of an authority/],
    ['one of several', authorities + a.certificate, /^Certificate 3 \(CN=client-a, O=Keyhook\) is not/],
    ['a private key', authorities + a.privateKey, /a private key in it/],
    ['text', 'hello', /not a certificate in PEM/],
    ['a path', '/etc/ssl/certs/ca.pem', /not a certificate in PEM/],
  ])('are refused: %s', (_what, text, detail) => {
    expect(problems(text)).toEqual([
      { pointer: '/certificate_authority', detail: expect.stringMatching(detail) },
    ])
  })

  it('are refused after they expired', () => {
    const errors: MemberError[] = []
    requireAuthorities(authorities, '/ca', Date.parse('2121-01-01T00:00:00Z'), errors)
    expect(errors.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^Certificate 1 .* expired on 2120-01-01/),
      expect.stringMatching(/^Certificate 2 .* expired on 2120-01-01/),
    ])
  })
})
