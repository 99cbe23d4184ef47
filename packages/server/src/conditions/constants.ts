/** Parts of an expression that have nothing to do with the payload: they work always or never. */
import { type Expr, planned } from './environment.ts'
import type { Finding, ParsedExpression } from './expression.ts'
import { partsOf, startOf } from './positions.ts'
import { callExample } from './type-words.ts'

/** The first constant part that can never be evaluated, as small as it is; null: there is none. */
export function findBrokenConstant(parsed: ParsedExpression): Finding | null {
  const search = (node: Expr | undefined): Finding | null => {
    if (!node) return null
    const parts = partsOf(node)
    if (!isConstant(node, new Set())) return firstOf(parts, search)
    const result = planned(node)({})
    if ('value' in result) return null
    // A loop's body has variables and cannot be evaluated by itself.
    const smaller = node.exprKind.case === 'comprehensionExpr' ? null : firstOf(parts, search)
    if (smaller) return smaller
    const name = node.exprKind.case === 'callExpr' ? node.exprKind.value.function : ''
    return {
      detail: `This can never be evaluated: ${plain(result.error)}; ${callExample(name)}.`,
      offset: startOf(parsed, node),
    }
  }
  return search(parsed.expr)
}

/** The first pattern that is none. */
export function findBrokenPattern(parsed: ParsedExpression): Finding | null {
  const search = (node: Expr | undefined): Finding | null => {
    if (!node) return null
    const { exprKind: kind } = node
    if (kind.case === 'callExpr' && kind.value.function === 'matches') {
      const pattern = kind.value.args.at(-1)
      const said = pattern ? patternError(pattern) : null
      if (pattern && said) {
        const detail = `This is no pattern: ${said}; ${callExample('matches')}.`
        return { detail, offset: startOf(parsed, pattern) }
      }
    }
    return firstOf(partsOf(node), search)
  }
  return search(parsed.expr)
}

/** What is wrong with a pattern that is written out as text. */
function patternError(pattern: Expr): string | null {
  const { exprKind: kind } = pattern
  if (kind.case !== 'constExpr' || kind.value.constantKind.case !== 'stringValue') return null
  const text = { ...pattern, exprKind: { case: 'constExpr' as const, value: emptyText(kind.value) } }
  const call = {
    $typeName: 'cel.expr.Expr.Call' as const,
    function: 'matches',
    target: text,
    args: [pattern],
  }
  const result = planned({ ...pattern, id: 0n, exprKind: { case: 'callExpr', value: call } })({})
  return 'error' in result ? plain(result.error) : null
}

function emptyText<Constant>(constant: Constant): Constant {
  return { ...constant, constantKind: { case: 'stringValue', value: '' } }
}

function plain(error: string): string {
  return error.replace('error parsing regexp: ', '').replace(/^.*: cannot decode message \S+ from JSON: /, '')
}

/** Whether it uses no variable but those of its own loops. */
function isConstant(node: Expr, own: ReadonlySet<string>): boolean {
  const { exprKind: kind } = node
  if (kind.case === 'identExpr') return own.has(kind.value.name)
  if (kind.case !== 'comprehensionExpr') return partsOf(node).every((part) => isConstant(part, own))
  const { iterRange, loopStep, iterVar, iterVar2, accuVar } = kind.value
  const inside = new Set([...own, iterVar, iterVar2, accuVar])
  return (!iterRange || isConstant(iterRange, own)) && (!loopStep || isConstant(loopStep, inside))
}

function firstOf(parts: readonly Expr[], search: (part: Expr) => Finding | null): Finding | null {
  for (const part of parts) {
    const found = search(part)
    if (found) return found
  }
  return null
}
