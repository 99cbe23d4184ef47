/** Client certificates and the certificates of authorities: checked when they are entered, described when read. */
import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { ClientCertificateChange, ClientCertificateRead } from '@keyhook/contract/api/authentication.ts'
import type { MemberError } from '../lib/problem-error.ts'
import { pemProblem } from './pem-problem.ts'
import { parsePrivateKey } from './private-key.ts'

/** PEM. The first certificate is the client's own, the others lead to its authority. */
export type ClientCertificate = { readonly certificate: string; readonly privateKey: string }

export type CertificateFacts = Pick<
  ClientCertificateRead,
  'subject' | 'not_before' | 'expires_at' | 'fingerprint_sha256'
>

type MergeContext = {
  stored: ClientCertificate | null
  sameOrigin: boolean
  at: string
  /** Epoch milliseconds. */
  now: number
}

/**
 * The client certificate after a change: absent keeps, null clears, and the key may be left out while the certificate is
 * the same. What is wrong is added to `errors`.
 */
export function mergeClientCertificate(
  change: ClientCertificateChange | null | undefined,
  { stored, sameOrigin, at, now }: MergeContext,
  errors: MemberError[],
): ClientCertificate | null {
  if (change === null) return null
  if (change === undefined) {
    if (stored && !sameOrigin) {
      errors.push({
        pointer: `${at}/private_key`,
        detail: 'The endpoint URL now points to another server: enter certificate and key again, or null.',
      })
    }
    return stored
  }
  const kept =
    stored?.certificate.trim() === change.certificate.trim() && sameOrigin ? stored.privateKey : undefined
  const privateKey = change.private_key ?? kept
  if (privateKey === undefined) {
    errors.push({ pointer: `${at}/private_key`, detail: 'Enter the private key of this certificate.' })
    return null
  }
  errors.push(...problemsOfPair(change.certificate, privateKey, at, now))
  return { certificate: change.certificate, privateKey }
}

/** Adds to `errors` what is wrong with certificates of authorities. */
export function requireAuthorities(pem: string, pointer: string, now: number, errors: MemberError[]): void {
  const certificates = parseCertificates(pem)
  if (typeof certificates === 'string') {
    errors.push({ pointer, detail: certificates })
    return
  }
  for (const [index, certificate] of certificates.entries()) {
    const which =
      certificates.length > 1 ? `Certificate ${index + 1} (${subjectOf(certificate)})` : 'The certificate'
    if (!certificate.ca)
      errors.push({
        pointer,
        detail: `${which} is not that of an authority: give the one that issued the endpoint's certificate.`,
      })
    else if (expiresAt(certificate) <= now)
      errors.push({ pointer, detail: `${which} expired on ${day(expiresAt(certificate))}.` })
  }
}

/** What people see of certificates in PEM, in their order. Empty for what cannot be read. */
export function factsOf(pem: string): CertificateFacts[] {
  const certificates = parseCertificates(pem)
  return (typeof certificates === 'string' ? [] : certificates).map((certificate) => ({
    subject: subjectOf(certificate),
    not_before: new Date(certificate.validFrom).toISOString(),
    expires_at: new Date(expiresAt(certificate)).toISOString(),
    fingerprint_sha256: certificate.fingerprint256,
  }))
}

const maxCertificates = 20

function problemsOfPair(certificate: string, privateKey: string, at: string, now: number): MemberError[] {
  const errors: MemberError[] = []
  const wrong = (member: string, detail: string) => errors.push({ pointer: `${at}/${member}`, detail })
  const chain = parseCertificates(certificate)
  const own = typeof chain === 'string' ? null : chain[0]
  if (typeof chain === 'string') wrong('certificate', chain)
  else if (own && expiresAt(own) <= now) {
    wrong('certificate', `The certificate expired on ${day(expiresAt(own))}: ask for a new one.`)
  }
  const key = parsePrivateKey(privateKey)
  if (typeof key === 'string') wrong('private_key', key)
  else if (own && !own.checkPrivateKey(key)) {
    wrong(
      'private_key',
      'The key does not belong to the certificate: its own key is needed, and the client certificate must come first.',
    )
  }
  if (errors.length === 0) {
    const code = problemInTls(certificate, privateKey)
    if (code)
      wrong('certificate', `TLS does not take this certificate and key (${code}): use a stronger key.`)
  }
  return errors
}

/** What OpenSSL says when they are to be used, for example of a key that is too short; null when it takes them. */
function problemInTls(certificate: string, privateKey: string): string | null {
  try {
    createSecureContext({ cert: certificate, key: privateKey })
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'no reason given'
  }
}

/** The certificates, one at least, or what is wrong in a sentence. */
function parseCertificates(pem: string): X509Certificate[] | string {
  // The certificate is stored and shown in the open.
  if (/PRIVATE KEY-----/.test(pem)) return 'There is a private key in it: give the certificate alone.'
  // OpenSSL sees those only that begin a line, and passes over the others without a word.
  const blocks = pem.match(/^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/gm) ?? []
  if (blocks.length > maxCertificates) {
    return `There are ${blocks.length} certificates; at most ${maxCertificates} are possible.`
  }
  const complete = blocks.length > 0 && blocks.length === pem.split('BEGIN CERTIFICATE').length - 1
  const read = complete ? blocks.map(readCertificate) : [null]
  const certificates = read.filter((certificate) => certificate !== null)
  if (certificates.length === read.length) return certificates
  return pemProblem(pem, 'certificate', (block) => readCertificate(block) !== null)
}

function readCertificate(block: string): X509Certificate | null {
  try {
    return new X509Certificate(block)
  } catch {
    return null
  }
}

/** One line, the common name first where there is one. */
function subjectOf(certificate: X509Certificate): string {
  const parts = (certificate.subject ?? '').split('\n')
  const isName = (part: string) => part.startsWith('CN=')
  return [...parts.filter(isName), ...parts.filter((part) => !isName(part))].join(', ') || 'no subject'
}

function expiresAt(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo)
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
