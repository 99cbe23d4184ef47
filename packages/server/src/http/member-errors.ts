import type { ZodFastifySchemaValidationError } from 'fastify-type-provider-zod'
import type { MemberError } from '../lib/problem-error.ts'

/**
 * The findings of a schema, as pointers and sentences. Members of the query are pointed at as `/query/<name>`,
 * those of the path as `/params/<name>`; members of the body stand alone, as RFC 6901 has it.
 */
export function memberErrors(
  findings: readonly ZodFastifySchemaValidationError[],
  where: string | undefined,
): MemberError[] {
  const prefix = where === 'querystring' ? '/query' : where === 'params' ? '/params' : ''
  return findings.flatMap((finding) => {
    const pointer = prefix + (finding.instancePath === '/' ? '' : finding.instancePath)
    const unknown = unknownMembers(finding.params)
    if (unknown) {
      return unknown.map((name) => ({
        pointer: `${pointer}/${escapePointer(name)}`,
        detail: 'There is no such member.',
      }))
    }
    return [{ pointer, detail: finding.message ?? 'Not valid' }]
  })
}

function unknownMembers(params: unknown): string[] | null {
  const { keys } = params as { keys?: unknown }
  return Array.isArray(keys) && keys.length > 0 ? keys.slice(0, 20).map(String) : null
}

function escapePointer(name: string): string {
  return name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')
}
