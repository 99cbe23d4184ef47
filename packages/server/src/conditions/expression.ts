/** What an expression is made of: which names and functions it uses, and how much work it can be. Pure. */
import type { parse } from '@bufbuild/cel'

export type ParsedExpression = ReturnType<typeof parse>
type Expr = ParsedExpression['expr']

/** Something in an expression that cannot be used, and where: UTF-16 offset from 0. */
export type Finding = { readonly detail: string; readonly offset: number }

export type Shape = {
  /** Nodes of the tree. */
  readonly nodes: number
  /** How deep `exists`, `all`, `map` and the like are inside one another. */
  readonly loops: number
  /** Concatenations, each of which can make a list or text longer. */
  readonly sums: number
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

export const deepestLoops = 2
const mostNodes = 400

/** The shape of an expression, or the first thing in it that cannot be used. */
export function examine({ expr, sourceInfo }: ParsedExpression): Shape | Finding {
  const offsetOf = (id: bigint) => sourceInfo?.positions[String(id)] ?? 0
  let nodes = 0
  let loops = 0
  let sums = 0
  let finding: Finding | null = null
  const report = (id: bigint, detail: string) => {
    finding ??= { detail, offset: offsetOf(id) }
  }

  const walk = (node: Expr | undefined, known: ReadonlySet<string>, depth: number): void => {
    if (!node || finding) return
    nodes += 1
    if (nodes > mostNodes) {
      report(node.id, `It is too long: at most ${mostNodes} parts are evaluated.`)
      return
    }
    const { exprKind: kind } = node
    switch (kind.case) {
      case 'identExpr':
        if (!known.has(kind.value.name) && !typeNames.has(kind.value.name)) {
          report(node.id, `There is no \`${kind.value.name}\`: the only variable is \`payload\`.`)
        }
        break
      case 'selectExpr':
        walk(kind.value.operand, known, depth)
        break
      case 'callExpr': {
        const { function: name, target, args } = kind.value
        if (/^[a-zA-Z]/.test(name) && !functions.has(name))
          report(node.id, `There is no function \`${name}\`.`)
        if (name === '_+_') sums += 1
        walk(target, known, depth)
        for (const argument of args) walk(argument, known, depth)
        break
      }
      case 'listExpr':
        for (const element of kind.value.elements) walk(element, known, depth)
        break
      case 'structExpr':
        if (kind.value.messageName)
          report(node.id, 'Messages cannot be made here; use a map, { "key": value }.')
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
            `\`exists\`, \`all\`, \`map\` and the like can be inside one another ${deepestLoops} times at most.`,
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
  return finding ?? { nodes, loops, sums }
}
