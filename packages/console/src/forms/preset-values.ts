/** Members of a webhook that are made from the answers of a preset. */
import { fillPreset, type PresetDraft } from '@keyhook/contract/siem/presets.ts'
import type { FieldErrors } from '../problem-errors.ts'
import type { AuthenticationValues } from './setting-values.ts'
import { presetOf } from './stream-values.ts'
import type { WebhookValues } from './webhook-values.ts'

/** Answers that are missing or wrong, by the form's fields. Nothing is sent then. */
export class AnswersError extends Error {
  override readonly name = 'AnswersError'
  readonly errors: FieldErrors
  constructor(errors: FieldErrors) {
    super('Some answers are missing or wrong')
    this.errors = errors
  }
}

function fill({ stream }: WebhookValues) {
  const preset = stream.asks ? presetOf(stream.sends_to) : null
  return preset && fillPreset(preset, stream.answers)
}

function withDraft(
  values: WebhookValues,
  { endpoint_url, authentication }: Pick<PresetDraft, 'endpoint_url' | 'authentication'>,
): WebhookValues {
  // Members of other kinds are not sent, whatever they hold.
  const made: AuthenticationValues = { ...values.authentication, ...authentication }
  return { ...values, endpoint_url, authentication: made }
}

/** The form as it is sent. @throws AnswersError */
export function answeredValues(values: WebhookValues): WebhookValues {
  const filled = fill(values)
  if (filled === null) return values
  if (filled.ok) return withDraft(values, filled.draft)
  throw new AnswersError(
    Object.fromEntries(
      Object.entries(filled.errors).map(([name, error]) => [`stream.answers.${name}`, error]),
    ),
  )
}

/** Where it would be sent to: what was entered, while the answers are not complete. */
export function endpointOf(values: WebhookValues): string {
  const filled = fill(values)
  return filled?.ok ? filled.draft.endpoint_url : values.endpoint_url
}

/** Endpoint and authentication are entered from now on; what the answers gave is where that begins. */
export function withoutQuestions(values: WebhookValues): WebhookValues {
  const filled = fill(values)
  const made = filled?.ok ? withDraft(values, filled.draft) : values
  return { ...made, stream: { ...made.stream, asks: false } }
}

/** What the server says about members that were made is said at the answers that they were made from. */
export function answerAliases({ stream }: WebhookValues): Record<string, string> {
  const preset = stream.asks ? presetOf(stream.sends_to) : null
  const [first] = preset?.questions ?? []
  if (!preset || !first) return {}
  const secret = preset.questions.findLast((question) => question.secret) ?? first
  return {
    endpoint_url: `stream.answers.${first.name}`,
    authentication: `stream.answers.${secret.name}`,
    ...Object.fromEntries(
      ['name', 'value', 'username', 'password', 'token_url', 'client_id', 'client_secret', 'scope'].map(
        (member) => [
          `authentication.${member}`,
          `stream.answers.${preset.questions.some(({ name }) => name === member) ? member : secret.name}`,
        ],
      ),
    ),
  }
}
