import type { AttemptRead } from '@keyhook/contract/api/delivery.ts'

// What Keyhook or the HTTP client sets by itself: anything else is an admin's header, whose value is a secret.
const ownHeader = /^(webhook-|keyhook-|user-agent$|traceparent$|content-type$|accept$)/i
const masked = /^•+$/
const leftOut = /^(host|content-length|connection|accept-encoding|transfer-encoding)$/i

/** Text as one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** `x-api-key` as the shell variable `X_API_KEY`. */
function variableOf(headerName: string): string {
  const name = headerName.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  return /^[A-Z_]/.test(name) ? name : `_${name}`
}

function headerArgument({ name, value }: { name: string; value: string }): string {
  // The name is a token (RFC 9110, 5.1), which may hold characters that a shell would act on in double quotes.
  if (ownHeader.test(name) && !masked.test(value)) return `-H ${quoted(`${name}: ${value}`)}`
  return `-H ${quoted(`${name}: `)}"$${variableOf(name)}"`
}

/**
 * The `curl` command that sends the same request again. Values of custom headers are shell variables named
 * after the header: the console does not know them.
 */
export function curlCommand(request: AttemptRead['request']): string {
  const headers = request.headers.filter(({ name }) => !leftOut.test(name)).map(headerArgument)
  const parts = [
    `curl -i -X ${request.method} ${quoted(request.url)}`,
    ...headers,
    `--data-raw ${quoted(request.body)}`,
  ]
  return parts.join(' \\\n  ')
}
