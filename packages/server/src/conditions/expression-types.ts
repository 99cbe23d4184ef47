/**
 * What can be said of an expression before there is a payload: parts that go with no payload at all, and whether the whole
 * can be true or false. What depends on the payload passes. Pure.
 */
import { everyType, type Types, typesOfCall } from './call-types.ts'
import type { Expr } from './environment.ts'
import type { Finding, ParsedExpression } from './expression.ts'
import { startOf } from './positions.ts'
import { callExample, callWord, typeWords } from './type-words.ts'

type Scope = ReadonlyMap<string, Types>

const bool: Types = new Set(['bool'])
const list: Types = new Set(['list'])
const map: Types = new Set(['map'])
const type: Types = new Set(['type'])
/** These compare with one another. */
const numbers = ['int', 'uint', 'double']
const collections = ['list', 'map']

/** The first part that cannot work, whatever the payload is; null: none. */
export function findMismatch(parsed: ParsedExpression): Finding | null {
  if (!parsed.expr) return null
  const anyType = everyType()
  let finding: Finding | null = null
  const report = (node: Expr, detail: string): Types => {
    finding ??= { detail, offset: startOf(parsed, node) }
    return anyType
  }

  /** A part that has to be true or false. */
  const wantBool = (node: Expr | undefined, scope: Scope): Types => {
    if (!node) return bool
    const { exprKind: kind } = node
    if (kind.case === 'callExpr' && kind.value.function === '_?_:_') {
      const [condition, ...branches] = kind.value.args
      wantBool(condition, scope)
      for (const branch of branches) wantBool(branch, scope)
      return bool
    }
    const types = typesOf(node, scope)
    if (!types.has('bool'))
      report(node, `This must be true or false, and it is ${typeWords(types)}: ${callExample('_==_')}.`)
    return bool
  }

  const typesOf = (node: Expr | undefined, scope: Scope): Types => {
    if (!node || finding) return anyType
    const { exprKind: kind } = node
    switch (kind.case) {
      case 'constExpr':
        return literalTypes[kind.value.constantKind.case ?? ''] ?? anyType
      case 'identExpr':
        return scope.get(kind.value.name) ?? type
      case 'selectExpr': {
        const operand = typesOf(kind.value.operand, scope)
        if (!operand.has('map'))
          return report(
            node,
            `There is no member \`${kind.value.field}\` in ${typeWords(operand)}: ${callExample('')}.`,
          )
        return kind.value.testOnly ? bool : anyType
      }
      case 'listExpr':
        for (const element of kind.value.elements) typesOf(element, scope)
        return list
      case 'structExpr':
        for (const { keyKind, value } of kind.value.entries) {
          if (keyKind.case === 'mapKey') typesOf(keyKind.value, scope)
          typesOf(value, scope)
        }
        return map
      case 'comprehensionExpr': {
        const { iterVar, iterVar2, accuVar, iterRange, accuInit, loopStep, result } = kind.value
        const range = typesOf(iterRange, scope)
        if (!collections.some((name) => range.has(name)))
          return report(node, `A loop needs a list, and this is ${typeWords(range)}: ${callExample('')}.`)
        const inside = new Map([...scope, [iterVar, anyType], [iterVar2, anyType]] as [string, Types][])
        inside.set(accuVar, typesOf(accuInit, scope))
        typesOf(loopStep, inside)
        return typesOf(result, inside)
      }
      case 'callExpr':
        return ofCall(node, kind.value, scope)
      default:
        return anyType
    }
  }

  const ofCall = (
    node: Expr,
    { function: name, target, args }: { function: string; target?: Expr | undefined; args: readonly Expr[] },
    scope: Scope,
  ): Types => {
    if (name === '_&&_' || name === '_||_' || name === '!_') {
      for (const argument of args) wantBool(argument, scope)
      return bool
    }
    if (name === '_?_:_') {
      wantBool(args[0], scope)
      return new Set([...typesOf(args[1], scope), ...typesOf(args[2], scope)])
    }
    const own = target ? typesOf(target, scope) : null
    const types = args.map((argument) => typesOf(argument, scope))
    if (finding) return anyType
    const operands = own ? [own, ...types] : types
    const [left = anyType, right = anyType] = operands
    const fits =
      name === '_==_' || name === '_!=_'
        ? comparable(left, right)
        : name === '_[_]'
          ? collections.some((each) => left.has(each))
          : null
    const given =
      fits === null ? typesOfCall(name, own, types) : fits ? (name === '_[_]' ? anyType : bool) : null
    if (given && given.size > 0) return given
    return report(
      node,
      `${callWord(name)} cannot be used with ${operands.map(typeWords).join(' and ') || 'nothing'}: ${callExample(name)}.`,
    )
  }

  wantBool(parsed.expr, new Map([['payload', map]]))
  return finding
}

/** Values of different types are never the same; whole and other numbers can be, and null is asked for everywhere. */
function comparable(left: Types, right: Types): boolean {
  if (left.has('null_type') || right.has('null_type')) return true
  if (numbers.some((name) => left.has(name)) && numbers.some((name) => right.has(name))) return true
  return [...left].some((name) => right.has(name))
}

const literalTypes: Readonly<Record<string, Types>> = {
  boolValue: bool,
  bytesValue: new Set(['bytes']),
  doubleValue: new Set(['double']),
  int64Value: new Set(['int']),
  nullValue: new Set(['null_type']),
  stringValue: new Set(['string']),
  uint64Value: new Set(['uint']),
}
