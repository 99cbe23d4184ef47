/** The functions that conditions have, and one evaluation that never throws. */
import { type CelInput, celEnv, isCelError, type parse, plan } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'

/** A part of an expression. */
export type Expr = NonNullable<ReturnType<typeof parse>['expr']>

export type Run = (
  bindings: Record<string, CelInput>,
) => { readonly value: unknown } | { readonly error: string }

const environment = celEnv({
  funcs: strings.filter(({ name }) => ['lowerAscii', 'upperAscii', 'trim'].includes(name)),
})

export function planned(expression: Parameters<typeof plan>[1]): Run {
  const run = plan(environment, expression) as (bindings: Record<string, CelInput>) => unknown
  return (bindings) => {
    let value: unknown
    try {
      value = run(bindings)
    } catch (error) {
      value = error
    }
    return value instanceof Error || isCelError(value)
      ? { error: (value as Error).message.trim() }
      : { value }
  }
}
