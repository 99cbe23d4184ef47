/** What an expression is made of: which names and functions it uses, and how much work it can be. Pure. */
import type { parse } from '@bufbuild/cel'
import { callExample } from './type-words.ts'

export type ParsedExpression = ReturnType<typeof parse>
type Expr = ParsedExpression['expr']

/** Something in an expression that cannot be used, and where: UTF-16 offset from 0. */
export type Finding = { readonly detail: string; readonly offset: number }

export type Shape = {
  /** Nodes of the tree. */
  readonly nodes: number
  /** How deep `exists`, `all`, `map` and the like are inside one another. */
  readonly loops: number
  /** Concatenations, each of which can make a list or text twice as long, also one that was made longer before. */
  readonly sums: number
  /** Comparisons of whole values with one another, each of which may go through all that is in them. */
  readonly comparisons: number
  /** Patterns, each of which reads a text once for each of its characters at the worst. */
  readonly patterns: number
  /** Calls that read a text from end to end. */
  readonly readings: number
  /** Parts of a time, which are slow to tell in a time zone. */
  readonly times: number
  /** Conversions of text to numbers and times, for which long text is refused. */
  readonly conversions: number
}

/** Functions by name; operators are written `_+_`. Of the strings extension those that do not make text longer. */
const functions: ReadonlySet<string> = new Set([
  ...['size', 'contains', 'startsWith', 'endsWith', 'matches', 'lowerAscii', 'upperAscii', 'trim'],
  ...['bool', 'bytes', 'double', 'duration', 'dyn', 'int', 'string', 'timestamp', 'type', 'uint'],
  ...['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear'],
  ...['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'],
])
/** Names of types, as in `type(payload.x) == string`. */
const typeNames: ReadonlySet<string> = new Set([
  ...['bool', 'bytes', 'double', 'int', 'list', 'map', 'null_type', 'string', 'type', 'uint'],
])

/** These may go through the whole of their values. */
const comparing: ReadonlySet<string> = new Set(['_==_', '_!=_'])
/** These read a text from end to end. */
const reading: ReadonlySet<string> = new Set([
  ...['_+_', 'size', 'contains', 'startsWith', 'endsWith', 'lowerAscii', 'upperAscii', 'trim'],
  ...['string', 'bytes', 'bool'],
])
/** These read text as something else. */
const converting: ReadonlySet<string> = new Set(['int', 'uint', 'double', 'duration', 'timestamp', 'bytes'])

export const deepestLoops = 2
const mostNodes = 400

/** The shape of an expression, or the first thing in it that cannot be used. */
export function examine({ expr, sourceInfo }: ParsedExpression): Shape | Finding {
  const offsetOf = (id: bigint) => sourceInfo?.positions[String(id)] ?? 0
  let nodes = 0
  let loops = 0
  let sums = 0
  let comparisons = 0
  let patterns = 0
  let conversions = 0
  let readings = 0
  let times = 0
  let finding: Finding | null = null
  const report = (id: bigint, detail: string) => {
    finding ??= { detail, offset: offsetOf(id) }
  }

  const walk = (node: Expr | undefined, known: ReadonlySet<string>, depth: number): void => {
    if (!node || finding) return
    nodes += 1
    if (nodes > mostNodes) {
      report(node.id, `It is too long: at most ${mostNodes} parts are evaluated; ${callExample('@in')}.`)
      return
    }
    const { exprKind: kind } = node
    switch (kind.case) {
      case 'identExpr':
        if (!known.has(kind.value.name) && !typeNames.has(kind.value.name)) {
          report(
            node.id,
            `There is no \`${kind.value.name}\`: the only variable is \`payload\`, which has the members; ${callExample('')}.`,
          )
        }
        break
      case 'selectExpr':
        walk(kind.value.operand, known, depth)
        break
      case 'callExpr': {
        const { function: name, target, args } = kind.value
        if (/^[a-zA-Z]/.test(name) && !functions.has(name))
          report(
            node.id,
            `There is no function \`${name}\`: use size, contains, startsWith, endsWith, matches, lowerAscii, upperAscii or trim; ${callExample('endsWith')}.`,
          )
        if (name === '_+_') sums += 1
        if (comparing.has(name) && !args.some(isLiteral)) comparisons += 1
        if (name === '@in') comparisons += 1
        if (name === 'matches') {
          patterns += 1
          const pattern = textOf(args[target ? 0 : 1])
          if (pattern === null)
            report(
              node.id,
              `The pattern of \`matches\` must be written out as text; ${callExample('matches')}.`,
            )
          else if (/\{\d/.test(pattern)) {
            report(
              node.id,
              'Counted repetitions such as `{3}` cannot be used in a pattern; write the part out, for example [0-9][0-9][0-9].',
            )
          }
        }
        if (converting.has(name)) conversions += 1
        if (reading.has(name)) readings += 1
        if (name.startsWith('get')) times += 1
        walk(target, known, depth)
        for (const argument of args) walk(argument, known, depth)
        break
      }
      case 'listExpr':
        for (const element of kind.value.elements) walk(element, known, depth)
        break
      case 'structExpr':
        if (kind.value.messageName)
          report(node.id, 'Messages cannot be made here; use a map, for example { "key": value }.')
        for (const entry of kind.value.entries) {
          if (entry.keyKind.case === 'mapKey') walk(entry.keyKind.value, known, depth)
          walk(entry.value, known, depth)
        }
        break
      case 'comprehensionExpr': {
        const { iterVar, iterVar2, accuVar, iterRange, accuInit, loopCondition, loopStep, result } =
          kind.value
        if (depth + 1 > deepestLoops) {
          report(
            node.id,
            `\`exists\`, \`all\`, \`map\` and the like can be inside one another ${deepestLoops} times at most; ${callExample('nested')}.`,
          )
        }
        loops = Math.max(loops, depth + 1)
        walk(iterRange, known, depth)
        walk(accuInit, known, depth)
        const inside = new Set([...known, iterVar, iterVar2, accuVar])
        walk(loopCondition, inside, depth + 1)
        walk(loopStep, inside, depth + 1)
        walk(result, inside, depth)
        break
      }
      default:
    }
  }
  walk(expr, new Set(['payload']), 0)
  return finding ?? { nodes, loops, sums, comparisons, patterns, readings, times, conversions }
}

/** Compared with a literal, only the start of a value matters. */
function isLiteral(node: Expr): boolean {
  return node.exprKind.case === 'constExpr'
}

/** The text of a literal; null for anything else. */
function textOf(node: Expr | undefined): string | null {
  if (node?.exprKind.case !== 'constExpr') return null
  const { constantKind } = node.exprKind.value
  return constantKind.case === 'stringValue' ? constantKind.value : null
}
