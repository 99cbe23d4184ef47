import { headerValue } from './answer-encoding.ts'
import { failedOutcome } from './failure.ts'
import type { FailedOutcome, HttpAnswer } from './outcome.ts'
import { type Quote, showText } from './show-text.ts'

/** What usually helps for a status, after the sentence "The endpoint answered 401 Unauthorized." */
const statusAdvice: Readonly<Record<number, readonly [name: string, advice: string]>> = {
  400: [
    'Bad Request',
    'The receiver did not accept the payload: compare it with what the receiver expects; the body of its answer may say more.',
  ],
  401: [
    'Unauthorized',
    'The endpoint wants credentials: check the custom headers, often `authorization` or an API key.',
  ],
  403: [
    'Forbidden',
    'The endpoint refuses this caller: check the credentials in the custom headers, the signing secret, and whether a firewall lets this server in.',
  ],
  404: [
    'Not Found',
    'There is nothing at this path: check the endpoint URL, and that the flow or function behind it is published.',
  ],
  405: [
    'Method Not Allowed',
    'The receiver does not take POST at this path: check the endpoint URL and its route.',
  ],
  408: ['Request Timeout', 'The receiver gave up waiting for the payload: check the proxy in front of it.'],
  410: ['Gone', 'The endpoint was removed: set the endpoint URL to its new address or disable this webhook.'],
  411: ['Length Required', 'A proxy in front of the receiver refuses the request: look into its logs.'],
  413: ['Content Too Large', 'The payload is larger than the receiver takes: raise its body limit.'],
  415: [
    'Unsupported Media Type',
    'The receiver does not take `application/json` here: let its route read a JSON body.',
  ],
  421: [
    'Misdirected Request',
    'The server does not serve this host name: check the host in the endpoint URL.',
  ],
  422: [
    'Unprocessable Content',
    'The receiver did not accept the payload: compare its members with what the receiver expects.',
  ],
  429: [
    'Too Many Requests',
    'The receiver limits how often it is called: raise its limit or send less often.',
  ],
  500: [
    'Internal Server Error',
    'The receiver crashed or could not finish: look into its logs at this time.',
  ],
  501: ['Not Implemented', 'The receiver does not take POST: check the endpoint URL.'],
  502: ['Bad Gateway', 'The proxy in front of the receiver got no valid answer from it: check that it runs.'],
  503: [
    'Service Unavailable',
    'The receiver is down or overloaded: check that it runs, then test the webhook again.',
  ],
  504: [
    'Gateway Timeout',
    'The proxy in front of the receiver got no answer from it in time: check that it runs and how long it takes.',
  ],
}

/** The outcome of an answer whose status is not 2xx, for every type. */
export function readBadStatus(answer: HttpAnswer, quote: Quote): FailedOutcome {
  const { status } = answer
  if (status >= 300 && status < 400) return readRedirect(answer, quote)
  const known = statusAdvice[status]
  if (known) return failedOutcome('http_status', `The endpoint answered ${status} ${known[0]}.`, known[1])
  return failedOutcome('http_status', `The endpoint answered ${status}, which is not a 2xx status.`)
}

function readRedirect(answer: HttpAnswer, quote: Quote): FailedOutcome {
  const location = headerValue(answer, 'location')
  if (answer.status === 304 || location === '') {
    return failedOutcome(
      'redirect',
      `The endpoint answered ${answer.status}, which points elsewhere instead of answering.`,
      'Answer with a 2xx status; redirects are never followed.',
    )
  }
  return failedOutcome(
    'redirect',
    `The endpoint answered ${answer.status} and points to \`${showText(withoutSecrets(quote(location)), 120)}\`.`,
    'Redirects are never followed: set the endpoint URL to the final address. If that is a sign-in page, the endpoint wants credentials in the custom headers.',
  )
}

/** A URL without user, query and fragment, where tokens may be. Works on text, as it may not be a URL. */
function withoutSecrets(location: string): string {
  return location
    .slice(0, 2_048)
    .replace(/[?#].*$/s, '')
    .replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*@/i, '$1//')
}
