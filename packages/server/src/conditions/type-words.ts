/** Types and functions of CEL as messages name them. */
import type { Types } from './call-types.ts'

const words: Readonly<Record<string, string>> = {
  bool: 'true or false',
  bytes: 'bytes',
  double: 'a number',
  int: 'a number',
  list: 'a list',
  map: 'an object',
  null_type: 'null',
  string: 'text',
  type: 'a type',
  uint: 'a number',
  'google.protobuf.Duration': 'a duration',
  'google.protobuf.Timestamp': 'a time',
}

/** "text", "a number or text", or "a value" when it can be most things. */
export function typeWords(types: Types): string {
  const named = [...new Set([...types].map((type) => words[type] ?? type))]
  return named.length > 3 ? 'a value' : named.join(' or ')
}

/** The name of an operator or function as one writes it: `+`, `in`, `size`. */
export function callWord(name: string): string {
  return `\`${name.replace(/^@/, '').replaceAll('_', '')}\``
}

const examples: Readonly<Record<string, string>> = {
  '_+_': 'double(payload.access_length) + 0.5 > 3600.0',
  '_==_': 'payload.application.app_id == "demo_app"',
  '_!=_': 'payload.application.app_id != "demo_app"',
  '@in': 'payload.application.app_id in ["demo_app", "other_app"]',
  contains: 'payload.target_user.email.contains("@example.")',
  endsWith: 'payload.target_user.email.endsWith("@example.com")',
  startsWith: 'payload.application.app_id.startsWith("demo")',
  matches: 'payload.target_user.email.matches("^[a-z]+@example[.]com$")',
  size: 'payload.permissions.size() > 1',
  timestamp: 'timestamp("2026-01-31T00:00:00Z")',
  duration: 'duration("90s")',
  nested: 'payload.permissions.exists(p, payload.permissions.exists(q, p.value != q.value))',
}

/** "for example …": something right that uses this function, or else a loop. */
export function callExample(name: string): string {
  const numeric = /^_[<>*/%-]=?_$/.test(name) ? 'payload.access_length / 3600 > 8' : undefined
  const ofTime = name.startsWith('get') ? `timestamp(payload.sent_at).${name}() > 1` : undefined
  return `for example ${examples[name] ?? numeric ?? ofTime ?? 'payload.permissions.exists(p, p.label.startsWith("prod"))'}`
}
