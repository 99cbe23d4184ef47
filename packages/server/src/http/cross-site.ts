import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../lib/problem-error.ts'

/**
 * Refuses a change that a page of another site makes with the visitor's session cookie. Browsers say where a request
 * comes from; programs with an API key carry no cookie and are not asked. Source: OWASP ASVS 5.0, 3.5.1.
 */
export function refuseCrossSite(request: FastifyRequest, baseUrl: string): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.headers.cookie === undefined) return
  const site = request.headers['sec-fetch-site']
  const origin = request.headers.origin
  const crossSite = site === 'cross-site' || site === 'same-site'
  const otherOrigin = origin !== undefined && origin !== baseUrl && !sameHost(origin, request.headers.host)
  if (crossSite || otherOrigin) {
    throw new ProblemError(
      'cross_site_request',
      'Changes with a session cookie must come from the console itself.',
    )
  }
}

function sameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host
}
