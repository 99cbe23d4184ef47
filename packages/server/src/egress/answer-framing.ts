import type { HttpAnswer } from '@keyhook/contract/outcome.ts'

/** Whether nothing but the end of the connection says where the body ends (RFC 9112, section 6.3). */
export function endsWithConnection({ status, headers }: HttpAnswer): boolean {
  if (status === 204 || status === 304) return false
  if (headers.some(([name]) => name === 'content-length')) return false
  const codings = headers.filter(([name]) => name === 'transfer-encoding').map(([, value]) => value)
  return !/(^|[,\s])chunked\s*$/i.test(codings.join(','))
}
