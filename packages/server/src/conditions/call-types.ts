/** Which types a function takes and gives. Found out by calling it with values of each type, so that no table can be wrong. */
import { type CelInput, celType, parse } from '@bufbuild/cel'
import { type Expr, planned } from './environment.ts'

/** The types that a part of an expression can have, by their CEL names. */
export type Types = ReadonlySet<string>

const constant = (text: string) => {
  const made = planned(parse(text))({})
  if ('error' in made) throw new Error(`${text}: ${made.error}`)
  return made.value as CelInput
}
/** Of text there are several, as functions read it in different ways. Made when an expression is first judged. */
let made: readonly CelInput[] | null = null
function samples(): readonly CelInput[] {
  made ??= texts.map(constant)
  return made
}
const texts = ['true', '1', '1u', '1.5', 'b"a"', 'null', '[1]', '{"a": 1}', 'int']
  .concat(['"1"', '"true"', '"1s"', '"UTC"', '"2026-01-31T00:00:00Z"'])
  .concat(['duration("1s")', 'timestamp("2026-01-31T00:00:00Z")'])
const typeOf = (value: unknown) => celType(value as Parameters<typeof celType>[0]).name

let every: Types | null = null
/** Of a member of the payload nothing is known: it may be of any type. */
export function everyType(): Types {
  every ??= new Set(samples().map(typeOf))
  return every
}

const known = new Map<string, Types>()

/** What a call can give when its target and arguments have these types; nothing when it takes no such types. */
export function typesOfCall(name: string, target: Types | null, args: readonly Types[]): Types {
  const operands = target ? [target, ...args] : args
  if (operands.length > 2) return everyType()
  const key = [name, target !== null, ...operands.map((types) => [...types].sort().join(' '))].join('|')
  const found = known.get(key) ?? tried(name, target !== null, operands)
  known.set(key, found)
  return found
}

function tried(name: string, hasTarget: boolean, operands: readonly Types[]): Types {
  const names = ['a', 'b'].slice(0, operands.length)
  const [target, ...args] = hasTarget ? names.map(identifier) : [undefined, ...names.map(identifier)]
  const run = planned({
    $typeName: 'cel.expr.Expr',
    id: 9n,
    exprKind: {
      case: 'callExpr',
      value: {
        $typeName: 'cel.expr.Expr.Call',
        function: name,
        args: args as Expr[],
        ...(target && { target }),
      },
    },
  })
  const given = new Set<string>()
  let takesThem = false
  const [first = [], second = [undefined]] = operands.map((types) =>
    samples().filter((sample) => types.has(typeOf(sample))),
  )
  for (const a of first)
    for (const b of second) {
      const result = run(b === undefined ? { a } : { a, b })
      if ('value' in result) given.add(typeOf(result.value))
      else if (!result.error.includes('no matching overload')) takesThem = true
    }
  return given.size === 0 && takesThem ? everyType() : given
}

function identifier(name: string, index: number): Expr {
  return {
    $typeName: 'cel.expr.Expr',
    id: BigInt(index + 1),
    exprKind: { case: 'identExpr', value: { $typeName: 'cel.expr.Expr.Ident', name } },
  }
}
