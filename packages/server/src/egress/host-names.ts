/** Rules about host names, before anything is resolved. */
import { metadataNames } from './closed-ranges.ts'
import type { Refusal } from './refusal.ts'

/** Suffixes that never lead to the public Internet: RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`, and a custom of old. */
const innerSuffixes = ['localhost', 'local', 'internal', 'home.arpa', 'localdomain']

/**
 * What is wrong with the form of a name (lower case ASCII, no dot at the end), or null. URL parsers let characters
 * through that no host name has, `*` or `!` for example.
 */
export function nameProblem(name: string): Refusal | null {
  const labels = name.split('.')
  if (name.length <= 253 && labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label))) return null
  const finding =
    name.length > 253
      ? `The host name is ${name.length} characters long; DNS takes at most 253.`
      : labels.includes('')
        ? 'The host name has an empty part.'
        : labels.some((label) => label.length > 63)
          ? 'A part of the host name is longer than the 63 characters that DNS takes.'
          : 'The host name has a character that host names cannot have.'
  return { ok: false, finding, advice: 'Write it like hooks.example.com.' }
}

/** Names that no allow rule opens, or null. */
export function metadataNameProblem(name: string): Refusal | null {
  if (!metadataNames.has(name)) return null
  return {
    ok: false,
    finding: `${name} may not be called: it is a cloud metadata service.`,
    advice: 'It stays closed whatever is allowed. Use the name of your receiver.',
  }
}

/** Why a well-formed name that no allow rule opens is closed, or null. */
export function closedNameProblem(name: string): Refusal | null {
  const suffix = innerSuffixes.find((inner) => name === inner || name.endsWith(`.${inner}`))
  if (suffix === undefined && name.includes('.')) return null
  const why = suffix === undefined ? 'it is a name without a domain' : `names under ${suffix} are not public`
  return {
    ok: false,
    finding: `${name} may not be called: ${why}.`,
    advice: `Use a public name, or let the operator open this one: KEYHOOK_EGRESS_ALLOW=${name}.`,
  }
}
