import { type Compiled, compileStored, type Evaluated } from './condition.ts'

/** Conditions by their text, compiled once. */
export type Conditions = {
  /** Whether a stored condition holds for a payload. Never throws. */
  evaluate(text: string, payload: unknown): Evaluated
}

const remembered = 1_000

export function createConditions(): Conditions {
  const compiled = new Map<string, Compiled>()
  return {
    evaluate(text, payload) {
      let found = compiled.get(text)
      if (!found) {
        found = compileStored(text)
        if (compiled.size >= remembered) compiled.clear()
        compiled.set(text, found)
      }
      return found.ok ? found.condition.evaluate(payload) : found
    },
  }
}
