/** Sentences for connections that did not come about, by the code of the system or of OpenSSL. */
import type { DialFailed } from './dial-failed.ts'
import type { Failure } from './failure.ts'

type Sentence = readonly [finding: string, advice: string]

/** `at` is host and port. */
export function dialFailure({ stage, code }: DialFailed, at: string): Failure {
  if (stage === 'address') return mismatch(at)
  if (stage === 'tls') return tlsFailure(code, at)
  if (stage === 'proxy') return proxyFailure(code, at)
  const [finding, advice] = connectSentence(code, at)
  return { reason: 'connection', finding, advice }
}

function proxyFailure(code: string, at: string): Failure {
  const status = /^PROXY_STATUS_(\d+)$/.exec(code)?.[1]
  return {
    reason: 'connection',
    finding: status
      ? `The proxy of this server answered ${status} when it was asked for a tunnel to ${at}.`
      : `The proxy of this server gave no tunnel to ${at} (${code}).`,
    advice: 'Let an operator check KEYHOOK_EGRESS_PROXY and the rules of the proxy.',
  }
}

/** Also for alerts that come after the handshake, as TLS 1.3 sends them. */
export function tlsFailure(code: string, at: string): Failure {
  const [finding, advice] = tlsSentence(code, at)
  return { reason: 'tls', finding, advice }
}

function connectSentence(code: string, at: string): Sentence {
  switch (code) {
    case 'ECONNREFUSED':
      return [
        `Nothing answers at ${at}: the connection was refused.`,
        'Check that the receiver is running and that host and port of the endpoint URL are right.',
      ]
    case 'ETIMEDOUT':
      return [`${at} did not accept a connection in time.`, 'Check whether a firewall drops the connection.']
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
      return [`There is no route to ${at}.`, 'Check the network of the machine that Keyhook runs on.']
    case 'ECONNRESET':
      return [
        `${at} closed the connection at once.`,
        'Check what listens at this port, and firewalls in between.',
      ]
    case 'EMFILE':
    case 'ENFILE':
      return ['This server has no free sockets.', 'Raise the limit of open files of the process.']
    default:
      return [`No connection to ${at} could be made (${code}).`, 'Check host and port of the endpoint URL.']
  }
}

function tlsSentence(code: string, at: string): Sentence {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return [`The certificate of ${at} has expired.`, 'Renew it on the receiver.']
    case 'CERT_NOT_YET_VALID':
      return [`The certificate of ${at} is not valid yet.`, 'Check it, and the clocks of both machines.']
    case 'CERT_REVOKED':
      return [`The certificate of ${at} was revoked.`, 'Replace it on the receiver.']
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return [
        `The certificate of ${at} is self-signed.`,
        'Use one from a known authority, or add the authority of this one to the webhook as its certificate authority.',
      ]
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return [
        `The certificate of ${at} comes from an authority that is not known here.`,
        'Use one from a known authority, or add the authority of this one to the webhook as its certificate authority.',
      ]
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return [
        `The certificate of ${at} cannot be traced to a known authority.`,
        'Let the receiver send the intermediate certificates too, use one from a known authority, or add its authority to the webhook.',
      ]
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [
        `The certificate of ${at} is for another name.`,
        'Use the name in the certificate as the host of the endpoint URL, or a certificate for this name.',
      ]
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return [`${at} does not speak TLS.`, 'Check the port; an http URL needs KEYHOOK_EGRESS_HTTP=true.']
    case 'ECONNRESET':
    case 'EPIPE':
      return [
        `${at} closed the connection during the TLS handshake.`,
        'Check the TLS settings of the receiver, and which client certificates it accepts.',
      ]
    default:
      return tlsDefault(code, at)
  }
}

function tlsDefault(code: string, at: string): Sentence {
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(code)) {
    return [`${at} offers no TLS version that is safe to use.`, 'Switch on TLS 1.2 or 1.3 on the receiver.']
  }
  if (/CERTIFICATE_REQUIRED/.test(code)) {
    return [
      `${at} wants a client certificate.`,
      'Add a client certificate and its key to the webhook, or check that the endpoint trusts the one it has.',
    ]
  }
  if (refusedCertificate.test(code)) {
    return [
      `${at} did not accept the client certificate (${code}).`,
      'Let the endpoint trust the authority of the client certificate, or give the webhook one that it trusts.',
    ]
  }
  if (/ALERT_HANDSHAKE_FAILURE/.test(code)) {
    return [
      `${at} refused the TLS handshake.`,
      'Check the ciphers of the receiver, and whether it wants a client certificate.',
    ]
  }
  return [
    `The TLS handshake with ${at} failed (${code}).`,
    'Check certificate and TLS settings of the receiver.',
  ]
}

/**
 * Whether a TLS error refuses the client: TLS 1.3 may tell so only after the request was sent, and what was refused is not
 * acted on.
 */
export function refusesClient(code: string): boolean {
  return /CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE/.test(code) || refusedCertificate.test(code)
}

/** Alerts about a certificate (RFC 8446, 6.2); the only one that the other side gets is the client's. */
const refusedCertificate =
  /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA|ACCESS_DENIED)/

function mismatch(at: string): Failure {
  return {
    reason: 'address_blocked',
    finding: `The connection to ${at} ended at another address than the one that was checked.`,
    advice: 'Check for a proxy or redirection of addresses between Keyhook and the receiver.',
  }
}
