/** The kinds of endpoint authentication. Without the schema library, so that the console can use them. */

/** What to call each kind. */
export const authenticationLabels = {
  none: 'None',
  header: 'API key in a header',
  basic: 'HTTP Basic',
  bearer: 'Bearer token',
  oauth2_client_credentials: 'OAuth 2.0 client credentials',
  aws_signature_v4: 'AWS Signature Version 4',
} as const

export const authenticationTypes = Object.keys(authenticationLabels) as AuthenticationType[]
export type AuthenticationType = keyof typeof authenticationLabels

/** How an OAuth client proves itself at the token endpoint. */
export const clientAuthentications = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const
