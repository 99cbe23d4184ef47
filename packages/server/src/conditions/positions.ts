/** Where the parts of an expression are in its text: UTF-16 offsets from 0. */
import type { Expr } from './environment.ts'
import type { ParsedExpression } from './expression.ts'

/** Where a part begins. The parser says of a call where its operator or its dot is. */
export function startOf(parsed: ParsedExpression, node: Expr): number {
  const own = parsed.sourceInfo?.positions[String(node.id)] ?? 0
  return Math.min(own, ...partsOf(node).map((part) => startOf(parsed, part)))
}

/** The parts of a part that are written in the text. */
export function partsOf({ exprKind: kind }: Expr): Expr[] {
  switch (kind.case) {
    case 'selectExpr':
      return present(kind.value.operand)
    case 'callExpr':
      return [...present(kind.value.target), ...kind.value.args]
    case 'listExpr':
      return kind.value.elements
    case 'structExpr':
      return kind.value.entries.flatMap(({ keyKind, value }) => [
        ...(keyKind.case === 'mapKey' ? [keyKind.value] : []),
        ...present(value),
      ])
    case 'comprehensionExpr':
      return [...present(kind.value.iterRange), ...present(kind.value.loopStep)]
    default:
      return []
  }
}

function present(node: Expr | undefined): Expr[] {
  return node ? [node] : []
}
