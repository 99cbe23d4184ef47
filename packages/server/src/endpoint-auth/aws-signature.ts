/** AWS Signature Version 4, for Lambda function URLs and API Gateway with IAM authorization. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Authentication } from './authentication.ts'

type AwsAuthentication = Extract<Authentication, { type: 'aws_signature_v4' }>

/** What the signer asks of a hash: plain, or keyed when it is given a secret. */
class Sha256 {
  readonly #secret: string | Uint8Array | undefined
  #hash: Hash | Hmac

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined || typeof secret === 'string' ? secret : bytesOf(secret)
    this.#hash = this.#start()
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === 'string' ? data : bytesOf(data))
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {
    this.#hash = this.#start()
  }

  #start(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret)
  }
}

/** A request as the signer takes it: `path` as it is on the wire, `query` decoded. */
export type SignableRequest = {
  method: string
  path: string
  query: Record<string, string[]>
  /** All of them are signed; `host` must be there. */
  headers: Record<string, string>
  body: Uint8Array
}

/**
 * Signs a request at the time `now` (epoch milliseconds). Returns its headers and those of the signature. `hashHeader`:
 * whether the hash of the body is sent and signed as `x-amz-content-sha256`.
 */
export async function signAws(
  authentication: Omit<AwsAuthentication, 'type'>,
  { headers, ...request }: SignableRequest,
  { now, hashHeader }: { now: number; hashHeader: boolean },
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: authentication.service,
    region: authentication.region,
    credentials: {
      accessKeyId: authentication.access_key_id,
      secretAccessKey: authentication.secret_access_key,
      ...(authentication.session_token ? { sessionToken: authentication.session_token } : {}),
    },
    sha256: Sha256,
    applyChecksum: hashHeader,
  })
  const signed = await signer.sign(
    // The signer looks for the host among the headers only.
    { ...request, headers, protocol: 'https:', hostname: headers.host ?? '' },
    { signingDate: new Date(now) },
  )
  return signed.headers
}

/**
 * The headers to add to a POST of `body` to `url`. Signed are the host, the content type, the time and the hash of the
 * body; other headers may be changed on the way without harm, so they are left out.
 */
export async function awsSignatureHeaders(
  authentication: AwsAuthentication,
  { url, contentType, body, now }: { url: string; contentType: string; body: Uint8Array; now: number },
): Promise<[name: string, value: string][]> {
  const { host, pathname, searchParams } = new URL(url)
  const query = Object.fromEntries(
    [...new Set(searchParams.keys())].map((key) => [key, searchParams.getAll(key)]),
  )
  const headers = await signAws(
    authentication,
    { method: 'POST', path: pathname, query, headers: { host, 'content-type': contentType }, body },
    { now, hashHeader: true },
  )
  return Object.entries(headers).filter(([name]) => name !== 'host' && name !== 'content-type')
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}
