/** Text becomes a filter. Bounded in length, depth and number of comparisons. Pure. */
import { type Filter, FilterError, type FilterValue, type Operator, operators } from './filter.ts'
import { type Token, tokensOf } from './filter-tokens.ts'

export const filterLimits = { length: 4_000, depth: 20, comparisons: 100 } as const

/** A name, with its schema or without, and the part of it: `urn:…:User:name.givenName`. */
const pathForm = /^(?:urn:[\w.:-]{1,150}:)?[a-z$][\w$-]{0,60}(?:\.[a-z$][\w$-]{0,60})?$/i
const partForm = /^\.[a-z$][\w$-]{0,60}$/i

/** Throws `FilterError`. */
export function readFilter(source: string): Filter {
  if (source.length > filterLimits.length)
    throw new FilterError(`A filter may have ${filterLimits.length.toLocaleString('en')} characters at most.`)
  const reader = new FilterReader(tokensOf(source), source.length)
  return reader.readAll()
}

class FilterReader {
  readonly #tokens: readonly Token[]
  readonly #end: number
  #at = 0
  #depth = 0
  #comparisons = 0

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens
    this.#end = end
  }

  readAll(): Filter {
    const filter = this.#readOr()
    const rest = this.#tokens[this.#at]
    if (rest) throw new FilterError(`After a whole filter there is ${shown(rest)}; join with "and" or "or".`)
    return filter
  }

  #readOr(): Filter {
    const parts = [this.#readAnd()]
    while (this.#skipWord('or')) parts.push(this.#readAnd())
    return parts.length === 1 ? (parts[0] as Filter) : { kind: 'or', parts }
  }

  #readAnd(): Filter {
    const parts = [this.#readOne()]
    while (this.#skipWord('and')) parts.push(this.#readOne())
    return parts.length === 1 ? (parts[0] as Filter) : { kind: 'and', parts }
  }

  #readOne(): Filter {
    if (this.#isNext('(')) return this.#readGroup(')')
    const path = this.#next('the name of an attribute')
    if (path.kind === 'word' && path.text.toLowerCase() === 'not') {
      if (!this.#isNext('(')) throw new FilterError('After "not" comes an expression in parentheses.')
      return { kind: 'not', part: this.#readGroup(')') }
    }
    if (path.kind !== 'word' || !pathForm.test(path.text))
      throw new FilterError(`Instead of the name of an attribute there is ${shown(path)}.`)
    if (this.#isNext('[')) return this.#readEntry(path.text)
    return this.#readComparison(path.text)
  }

  /** `(…)` or `[…]`. */
  #readGroup(end: ')' | ']'): Filter {
    this.#at += 1
    this.#depth += 1
    if (this.#depth > filterLimits.depth)
      throw new FilterError(`A filter may be nested ${filterLimits.depth} levels deep at most.`)
    const filter = this.#readOr()
    const closing = this.#next(`"${end}"`)
    if (closing.kind !== end) throw new FilterError(`Instead of "${end}" there is ${shown(closing)}.`)
    this.#depth -= 1
    return filter
  }

  /** `emails[type eq "work"]`, and `emails[type eq "work"].value eq "…"` as Entra ID writes it. */
  #readEntry(path: string): Filter {
    const filter = this.#readGroup(']')
    const part = this.#tokens[this.#at]
    if (part?.kind !== 'word' || !partForm.test(part.text)) return { kind: 'entry', path, filter }
    this.#at += 1
    const last = this.#readComparison(part.text.slice(1))
    return { kind: 'entry', path, filter: { kind: 'and', parts: [filter, last] } }
  }

  #readComparison(path: string): Filter {
    this.#comparisons += 1
    if (this.#comparisons > filterLimits.comparisons)
      throw new FilterError(`A filter may have ${filterLimits.comparisons} comparisons at most.`)
    const word = this.#next(`an operator after ${path}`)
    const name = word.kind === 'word' ? word.text.toLowerCase() : ''
    if (name === 'pr') return { kind: 'present', path }
    if (!operators.includes(name as Operator))
      throw new FilterError(
        `After ${path} there is ${shown(word)}; operators are ${operators.join(', ')} and pr.`,
      )
    const value = this.#next(`a value after ${name}`)
    if (value.kind !== 'text' && value.kind !== 'word')
      throw new FilterError(`Instead of a value there is ${shown(value)}.`)
    return { kind: 'compare', path, operator: name as Operator, value: givenValue(value) }
  }

  #next(wanted: string): Token {
    const token = this.#tokens[this.#at]
    if (!token)
      throw new FilterError(`The filter ends where ${wanted} is needed (character ${this.#end + 1}).`)
    this.#at += 1
    return token
  }

  #isNext(kind: Token['kind']): boolean {
    return this.#tokens[this.#at]?.kind === kind
  }

  #skipWord(word: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false
    this.#at += 1
    return true
  }
}

function givenValue(token: Token & { kind: 'text' | 'word' }): FilterValue {
  if (token.kind === 'text') return token.text
  const lower = token.text.toLowerCase()
  if (lower === 'true' || lower === 'false') return lower === 'true'
  return lower === 'null' ? null : token.text
}

function shown(token: Token): string {
  const text = 'text' in token ? token.text.slice(0, 50) : token.kind
  return `"${text}" (character ${token.at + 1})`
}
