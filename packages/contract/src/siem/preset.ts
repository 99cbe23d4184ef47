/**
 * What a preset is: the questions that the form asks for a product, and how the members of the webhook are made from the
 * answers. Pure and free of schemas.
 */
import type { SiemFormat } from './formats.ts'

export type PresetQuestion = {
  readonly name: string
  readonly label: string
  /** Where the product shows it. */
  readonly hint: string
  readonly placeholder?: string
  /** Taken when the answer is empty; a question without one must be answered. */
  readonly preset?: string
  /** To choose from, instead of writing. */
  readonly options?: readonly { readonly value: string; readonly label: string }[]
  readonly secret?: true
  /** What is wrong with an answer, for people; null: nothing. */
  readonly check: (answer: string) => string | null
}

/** One of the kinds of endpoint authentication, as it is written for a new webhook. */
export type PresetAuthentication =
  | { readonly type: 'none' }
  | { readonly type: 'header'; readonly name: string; readonly value: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | {
      readonly type: 'oauth2_client_credentials'
      readonly token_url: string
      readonly client_id: string
      readonly client_secret: string
      readonly client_authentication: 'client_secret_post'
      readonly scope: string
    }

export type PresetStream = {
  readonly format: SiemFormat
  readonly gzip: boolean
  readonly batch_events: number
  readonly batch_bytes: number
  readonly batch_wait_ms: number
}

/** Members of the webhook that the form fills in. */
export type PresetDraft = {
  readonly endpoint_url: string
  readonly authentication: PresetAuthentication
  readonly stream: PresetStream
}

/** By the names of the questions. */
export type PresetAnswers = Readonly<Record<string, string>>

export type SiemPreset = {
  readonly id: string
  readonly label: string
  readonly questions: readonly PresetQuestion[]
  /** Recommended, within what the product takes. */
  readonly stream: PresetStream
  /** Whether the product reads compressed bodies. */
  readonly gzipAllowed: boolean
  /** Page of the documentation. */
  readonly docs: string
  /** What is wrong between answers that are right by themselves, by the question to tell it at. */
  readonly compare?: (answer: (name: string) => string) => PresetAnswers
  /** Of answers that have been checked. */
  readonly build: (answer: (name: string) => string) => Omit<PresetDraft, 'stream'>
}

export type FilledPreset =
  | { readonly ok: true; readonly draft: PresetDraft }
  | { readonly ok: false; readonly errors: PresetAnswers }

/** The members of the webhook, or what is wrong with which answer. */
export function fillPreset(
  { questions, stream, compare, build }: Pick<SiemPreset, 'questions' | 'stream' | 'compare' | 'build'>,
  answers: PresetAnswers,
): FilledPreset {
  const given = new Map(questions.map((question) => [question.name, answerOf(question, answers)]))
  const answer = (name: string) => given.get(name) ?? ''
  const wrong = questions.flatMap((question) => {
    const error = errorOf(question, answer(question.name))
    return error === null ? [] : [[question.name, error] as const]
  })
  const errors = { ...compare?.(answer), ...Object.fromEntries(wrong) }
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  return { ok: true, draft: { ...build(answer), stream } }
}

/** What is copied from a page often has a space or a line break at its end. */
function answerOf({ name, preset = '' }: PresetQuestion, answers: PresetAnswers): string {
  const answer = Object.hasOwn(answers, name) ? answers[name]?.trim() : undefined
  return answer || preset
}

function errorOf({ label, preset, options, check }: PresetQuestion, answer: string): string | null {
  if (answer === '') return preset === undefined ? `Enter: ${label}` : null
  if (options && !options.some(({ value }) => value === answer)) return 'Choose one of the list'
  return check(answer)
}
