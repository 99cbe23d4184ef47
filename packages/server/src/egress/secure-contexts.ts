/** What TLS connections trust and present: the usual authorities, or what one webhook brings with it. */
import { createHash } from 'node:crypto'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'

/** TLS material of one caller, all PEM. */
export type ExchangeTls = {
  readonly clientCertificate?: { readonly certificate: string; readonly privateKey: string } | undefined
  /** Trusted beside the usual authorities. */
  readonly certificateAuthorities?: readonly string[] | undefined
}

/** The material with a name: connections are shared only among exchanges of the same one. */
export type TlsIdentity = { readonly name: string; readonly context: SecureContext }

/** One with extra authorities takes more than a megabyte: all the usual ones are parsed for it again. */
const remembered = 64

export type SecureContexts = (tls: ExchangeTls | undefined) => TlsIdentity

/** `trusted`: authorities instead of the usual ones. Making a context is slow (all authorities are parsed), so they are kept. */
export function createSecureContexts(trusted: readonly string[] | undefined): SecureContexts {
  let usual: TlsIdentity | null = null
  const byName = new Map<string, TlsIdentity>()
  const names = new WeakMap<ExchangeTls, string>()

  function make(name: string, tls: ExchangeTls | undefined): TlsIdentity {
    const extra = tls?.certificateAuthorities ?? []
    const own = tls?.clientCertificate
    const ca = extra.length > 0 ? [...(trusted ?? getCACertificates('default')), ...extra] : trusted
    const context = createSecureContext({
      minVersion: 'TLSv1.2',
      ...(ca ? { ca: [...ca] } : {}),
      ...(own ? { cert: own.certificate, key: own.privateKey } : {}),
    })
    return { name, context }
  }

  return (tls) => {
    if (!tls) {
      usual ??= make('', undefined)
      return usual
    }
    const name = names.get(tls) ?? nameOf(tls)
    names.set(tls, name)
    const identity = byName.get(name) ?? make(name, tls)
    // The one used last goes to the end; the one not used for longest is let go.
    byName.delete(name)
    byName.set(name, identity)
    const [oldest] = byName.keys()
    if (byName.size > remembered && oldest !== undefined) byName.delete(oldest)
    return identity
  }
}

function nameOf({ clientCertificate, certificateAuthorities }: ExchangeTls): string {
  const material = [clientCertificate?.certificate, clientCertificate?.privateKey, certificateAuthorities]
  return createHash('sha256').update(JSON.stringify(material)).digest('base64')
}
