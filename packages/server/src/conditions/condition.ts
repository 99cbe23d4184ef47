/**
 * Conditions of webhooks: CEL (https://cel.dev) over the payload, as Kubernetes uses it for the same purpose. The one
 * variable is `payload`. Whole numbers of the payload are CEL ints, others doubles. Evaluation is bounded: an expression
 * that could take too long for a payload is not begun.
 */

import { parse } from '@bufbuild/cel'
import { maxConditionLength } from '@keyhook/contract/setting-limits.ts'
import { findUnclosed } from './brackets.ts'
import { findBrokenConstant, findBrokenPattern } from './constants.ts'
import { planned, type Run } from './environment.ts'
import { examine, type ParsedExpression, type Shape } from './expression.ts'
import { findMismatch } from './expression-types.ts'
import { celInput, type PayloadSize } from './payload-input.ts'
import { callExample } from './type-words.ts'

/** Reading a number of a million digits takes seconds; no number or time needs more characters than this. */
const longestConverted = 1_000

/** Steps of one evaluation, about a tenth of a microsecond each. */
export const mostSteps = 400_000

export type Evaluated =
  | { readonly ok: true; readonly holds: boolean }
  /** `detail`: what cannot be evaluated, and what to write instead. */
  | { readonly ok: false; readonly detail: string }

export type Condition = {
  /** Whether it holds for a payload: a JSON value as `JSON.parse` gives it. Never throws. */
  evaluate(payload: unknown): Evaluated
}

export type Compiled =
  | { readonly ok: true; readonly condition: Condition }
  /** Line and column count from 1. */
  | { readonly ok: false; readonly detail: string; readonly line: number; readonly column: number }

const example = callExample('')

/** Compiles an expression that is to be stored: one that could never be evaluated is refused too. Never throws. */
export function compileCondition(text: string): Compiled {
  return compile(text, true)
}

/** Compiles a stored one: what is refused today may have been of use when it was stored. Never throws. */
export function compileStored(text: string): Compiled {
  return compile(text, false)
}

function compile(text: string, isNew: boolean): Compiled {
  if (text.trim() === '') return wrong(text, 0, `It is empty: write a CEL expression, ${example}.`)
  if (text.length > maxConditionLength) {
    const detail = `It has ${text.length} characters, and at most ${maxConditionLength} can be evaluated: make it shorter.`
    return wrong(text, maxConditionLength, detail)
  }
  let parsed: ParsedExpression
  try {
    parsed = parse(text)
  } catch (error) {
    const found = findUnclosed(text) ?? { detail: saidBy(error), offset: offsetOf(error, text) }
    return wrong(text, found.offset, `This is not CEL: ${found.detail}; ${example}.`)
  }
  const shape = examine(parsed)
  if ('detail' in shape) return wrong(text, shape.offset, shape.detail)
  const found = isNew ? findNeverWorks(parsed, shape, text) : null
  if (found) return wrong(text, found.offset, found.detail)
  try {
    const run = planned(parsed)
    return { ok: true, condition: { evaluate: (payload) => evaluate(run, shape, text, payload) } }
  } catch (error) {
    return wrong(text, offsetOf(error, text), `This is not CEL: ${saidBy(error)}; ${example}.`)
  }
}

/** The first part that goes with no payload at all. */
function findNeverWorks(parsed: ParsedExpression, shape: Shape, text: string) {
  const found = findBrokenPattern(parsed) ?? findMismatch(parsed)
  const steps = stepsOf(shape, { longestCollection: 0, longestText: 0, values: 0 }, text.length)
  // Parts are evaluated one by one, those inside others again.
  return found || steps > mostSteps / 10 ? found : findBrokenConstant(parsed)
}

function evaluate(run: Run, shape: Shape, text: string, payload: unknown): Evaluated {
  const { input, size } = celInput(payload)
  if (stepsOf(shape, size, text.length) > mostSteps) {
    return { ok: false, detail: 'The payload is too large for it: use fewer loops inside one another.' }
  }
  const result = run({ payload: input })
  if ('error' in result) return { ok: false, detail: explain(result.error) }
  if (typeof result.value === 'boolean') return { ok: true, holds: result.value }
  return { ok: false, detail: `It must be true or false, and it is ${describe(result.value)}.` }
}

/**
 * At most so many. Each loop runs over a collection that is in the payload or the expression, or was made by a loop over
 * one, and each concatenation can double it. Each call on text may read the longest one, each comparison the whole
 * payload, each pattern the longest text once for each of its own characters.
 */
function stepsOf(shape: Shape, size: PayloadSize, expressionLength: number): number {
  const { nodes, loops, sums, comparisons, patterns, readings, times, conversions } = shape
  const growth = 2 ** sums
  const text = (size.longestText + expressionLength) * growth
  if (conversions > 0 && size.longestText > longestConverted) return Number.POSITIVE_INFINITY
  const turns = ((size.longestCollection + 16) * growth) ** loops
  const read = nodes + times * 800 + readings * (text / 40)
  const compared = comparisons * (size.values + text / 1_024) * growth
  const matched = patterns * (text / 64) * (1 + expressionLength / 64)
  return turns * (read + compared + matched)
}

function explain(message: string): string {
  const missing = /field not found: (.*)$/.exec(message)?.[1]?.trim()
  if (missing) {
    return `There is no member \`${missing}\` in this payload: ask for it first, as in has(payload.${missing}) && ….`
  }
  if (/out of bounds/.test(message)) {
    return 'A list of this payload is shorter than the index that is asked for: use exists() or size().'
  }
  const overload = /applied to '\((.*)\)'/.exec(message)?.[1]
  if (overload) return `Values of these types cannot be used together: ${overload}.`
  return `${message.trim()}.`
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'bigint' || typeof value === 'number') return 'a number'
  return typeof value === 'string' ? 'text' : 'a list or a map'
}

function wrong(text: string, offset: number, detail: string): Compiled {
  const before = text.slice(0, offset).split('\n')
  return { ok: false, detail, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** The parser's own location, where it gives one. */
function offsetOf(error: unknown, text: string): number {
  const location = (error as { location?: { start?: { offset?: unknown } } }).location
  const offset = location?.start?.offset
  return typeof offset === 'number' ? Math.min(offset, text.length) : 0
}

function saidBy(error: unknown): string {
  const raw = (error as { rawMessage?: unknown }).rawMessage
  return typeof raw === 'string' ? raw.slice(0, 200) : 'it cannot be read'
}
