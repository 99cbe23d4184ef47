/** Sentences for answers that go beyond what is read. */
import {
  maxBodyBytes,
  maxBodyPieces,
  maxInterimAnswers,
  maxWireBytes,
  maxWireBytesBeforeBody,
} from './answer-limits.ts'
import { ExchangeFailed } from './failure.ts'

const shortAnswer = 'Answer with the decision and a short message only.'

/** `announced`: what the content-length says. */
export function bodyTooLarge(announced?: string): ExchangeFailed {
  const what = announced === undefined ? 'sent a larger body' : `announced a body of ${announced} bytes`
  return new ExchangeFailed({
    reason: 'body_too_large',
    finding: `The endpoint ${what}; at most ${maxBodyBytes} bytes (1 MiB) are read.`,
    advice: shortAnswer,
  })
}

export function noMemoryForBody(): ExchangeFailed {
  return new ExchangeFailed({
    reason: 'body_too_large',
    finding: 'The body of the answer was not read to its end: too many large answers were coming in at once.',
    advice: `${shortAnswer} Bodies of up to 64 KiB are always read.`,
  })
}

export function tooManyBodyPieces(): ExchangeFailed {
  return new ExchangeFailed({
    reason: 'body_too_large',
    finding: `The endpoint sent the body in more than ${maxBodyPieces} chunks.`,
    advice: 'Write the answer in one piece.',
  })
}

export function tooManyWireBytes(inBody: boolean): ExchangeFailed {
  const bytes = inBody ? maxWireBytes : maxWireBytesBeforeBody
  return new ExchangeFailed({
    reason: inBody ? 'body_too_large' : 'protocol',
    finding: `The endpoint sent more than ${bytes} bytes and no complete ${inBody ? 'body' : 'headers'}.`,
    advice: shortAnswer,
  })
}

export function tooManyInterimAnswers(): ExchangeFailed {
  return new ExchangeFailed({
    reason: 'protocol',
    finding: `The endpoint sent more than ${maxInterimAnswers} interim answers (status 1xx) and no answer.`,
    advice: 'Answer once, with a status from 200 on.',
  })
}
