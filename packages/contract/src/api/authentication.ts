/**
 * How a webhook proves to its endpoint who calls. Secrets are write-only: read back, each is only `is_set`. In a change
 * a secret that is left out keeps its stored value, as long as it goes to where it was entered for.
 */
import { z } from 'zod'
import { clientAuthentications } from '../authentication-kinds.ts'
import { timestamp } from './list.ts'

const secret = (name: string, max = 4_096) =>
  z.string().min(1, `Enter the ${name}`).max(max, `At most ${max} characters`)
const open = (name: string, max = 512) =>
  z
    .string()
    .min(1, `Enter the ${name}`)
    .max(max, `At most ${max} characters`)
    .regex(/^[\x20-\x7e]+$/, 'Only plain ASCII characters')
const optional = (name: string, max = 512) => open(name, max).nullable().default(null)
const pem = (name: string) => secret(name, 32_768)

const none = z.strictObject({ type: z.literal('none') })
const header = { type: z.literal('header'), name: open('name of the header', 256) }
const basic = {
  type: z.literal('basic'),
  // RFC 7617, section 2: a colon would end the user name.
  username: open('user name').regex(/^[^:]*$/, 'A user name of HTTP Basic has no colon'),
}
const bearer = { type: z.literal('bearer') }
const oauth = {
  type: z.literal('oauth2_client_credentials'),
  token_url: z
    .string()
    .min(1, 'Enter the address of the token endpoint, for example https://login.example.com/oauth2/token')
    .max(2_048, 'At most 2,048 characters'),
  client_id: open('client id'),
  scope: optional('scope', 2_048),
  audience: optional('audience', 2_048),
  client_authentication: z.enum(clientAuthentications).default('client_secret_basic'),
  key_id: optional('key id', 256).describe('`kid` of the assertion; only with private_key_jwt'),
  assertion_audience: optional('audience of the assertion', 2_048).describe(
    '`aud` of the assertion, for servers that want their issuer; else `token_url`. Only with private_key_jwt',
  ),
}
const aws = {
  type: z.literal('aws_signature_v4'),
  region: z.string().regex(/^[a-z0-9-]{1,64}$/, 'A region such as eu-central-1'),
  service: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, 'A service such as lambda (function URLs) or execute-api (API Gateway)'),
  access_key_id: z.string().regex(/^\w{16,128}$/, 'An access key id such as AKIAIOSFODNN7EXAMPLE'),
}

const secrets = {
  value: secret('value'),
  password: secret('password'),
  token: secret('token', 4_000),
  client_secret: secret('client secret'),
  private_key: pem('private key'),
  secret_access_key: secret('secret access key', 256),
  session_token: secret('session token'),
}

/** As it is written for a new webhook. */
export const authenticationInput = z
  .discriminatedUnion('type', [
    none,
    z.strictObject({ ...header, value: secrets.value }),
    z.strictObject({ ...basic, password: secrets.password }),
    z.strictObject({ ...bearer, token: secrets.token }),
    z.strictObject({
      ...oauth,
      client_secret: secrets.client_secret.optional(),
      private_key: secrets.private_key.optional(),
    }),
    z.strictObject({
      ...aws,
      secret_access_key: secrets.secret_access_key,
      session_token: secrets.session_token.optional(),
    }),
  ])
  .meta({ id: 'NewAuthentication' })

/** As a form or a change holds it: a secret that is left out keeps its stored value. */
export const authenticationChange = z
  .discriminatedUnion('type', [
    none,
    z.strictObject({ ...header, value: secrets.value.optional() }),
    z.strictObject({ ...basic, password: secrets.password.optional() }),
    z.strictObject({ ...bearer, token: secrets.token.optional() }),
    z.strictObject({
      ...oauth,
      client_secret: secrets.client_secret.optional(),
      private_key: secrets.private_key.optional(),
    }),
    z.strictObject({
      ...aws,
      secret_access_key: secrets.secret_access_key.optional(),
      session_token: secrets.session_token.nullable().optional().describe('null: there is none any more'),
    }),
  ])
  .meta({ id: 'AuthenticationChange' })

const isSet = z.object({ is_set: z.literal(true) })

/** As it is read back. */
export const authenticationRead = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('none') }),
    z.object({ type: z.literal('header'), name: z.string(), value: isSet }),
    z.object({ type: z.literal('basic'), username: z.string(), password: isSet }),
    z.object({ type: z.literal('bearer'), token: isSet }),
    z.object({
      type: z.literal('oauth2_client_credentials'),
      token_url: z.string(),
      client_id: z.string(),
      scope: z.string().nullable(),
      audience: z.string().nullable(),
      client_authentication: z.enum(clientAuthentications),
      key_id: z.string().nullable(),
      assertion_audience: z.string().nullable(),
      client_secret: isSet.optional(),
      private_key: isSet.optional(),
    }),
    z.object({
      type: z.literal('aws_signature_v4'),
      region: z.string(),
      service: z.string(),
      access_key_id: z.string(),
      secret_access_key: isSet,
      session_token: isSet.optional(),
    }),
  ])
  .meta({ id: 'Authentication' })

const certificate = pem('certificate').describe('PEM, the client certificate first, then its chain')

/** A client certificate for mutual TLS with its key, as it is written. */
export const clientCertificateInput = z
  .strictObject({ certificate, private_key: secrets.private_key.describe('PEM, not encrypted') })
  .meta({ id: 'NewClientCertificate' })

/** In a change the key may be left out while the certificate stays the same. */
export const clientCertificateChange = z
  .strictObject({ certificate, private_key: secrets.private_key.optional() })
  .meta({ id: 'ClientCertificateChange' })

const certificateFacts = {
  subject: z.string().describe('Who it is for, for example CN=keyhook'),
  not_before: timestamp,
  expires_at: timestamp,
  fingerprint_sha256: z.string().describe('Hex, in pairs with colons'),
}

export const clientCertificateRead = z
  .object({ certificate: z.string(), ...certificateFacts, private_key: isSet })
  .meta({ id: 'ClientCertificate' })

/** Certificates of authorities to trust beside the usual ones. */
export const certificateAuthorityInput = pem('certificate of the authority').describe(
  'PEM, one or several certificates of authorities',
)

export const certificateAuthorityRead = z
  .object({ certificates: z.string().describe('PEM'), authorities: z.array(z.object(certificateFacts)) })
  .meta({ id: 'CertificateAuthority' })

export type AuthenticationInput = z.infer<typeof authenticationInput>
export type AuthenticationChange = z.infer<typeof authenticationChange>
export type AuthenticationRead = z.infer<typeof authenticationRead>
export type ClientCertificateChange = z.infer<typeof clientCertificateChange>
export type ClientCertificateRead = z.infer<typeof clientCertificateRead>
export type CertificateAuthorityRead = z.infer<typeof certificateAuthorityRead>
