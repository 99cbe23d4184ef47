import { headerValue } from './answer-encoding.ts'
import type { Finding } from './failure.ts'
import type { JsonReading } from './json.ts'
import type { HttpAnswer } from './outcome.ts'
import { type Quote, showText } from './show-text.ts'

/** So much of a body is looked at to tell what it is instead of JSON. */
const sampleBytes = 4_096
/** More than that is given to who takes secrets out: one that the sample cuts must be found as a whole. */
const quotableBytes = 65_536

/**
 * What a body is that could not be read as JSON. The `detail` is the parser's: what is wrong and where, used
 * when nothing more telling is known about the body as a whole.
 */
export function describeUnreadableBody(
  answer: HttpAnswer,
  { reason, detail }: Extract<JsonReading, { ok: false }>,
  quote: Quote,
): Finding {
  const sample = new TextDecoder().decode(answer.body.subarray(0, sampleBytes)).trim()
  const quotable = () =>
    quote(new TextDecoder().decode(answer.body.subarray(0, quotableBytes)).trim()).slice(0, sampleBytes)
  const answered = `The endpoint answered ${answer.status}`
  const markup = describeMarkup(sample, quotable)
  if (markup) return { finding: `${answered} with ${markup.what}, not JSON.`, advice: markup.advice }
  if (reason === 'invalid_utf8') {
    return {
      finding: `${answered} with a body that is not UTF-8: ${detail}.`,
      advice: 'Write the JSON in UTF-8, without compression.',
    }
  }
  if (reason === 'too_deep') {
    return {
      finding: `${answered} with JSON that is ${detail}.`,
      advice: 'Answer with the decision and what people need to read about it, without deep structures.',
    }
  }
  if (sample === '') {
    return { finding: `${answered} with a body of nothing but white space.` }
  }
  const contentType = headerValue(answer, 'content-type').toLowerCase()
  if (
    contentType.startsWith('application/x-www-form-urlencoded') ||
    /^[\w.~%+-]+=[^\s{}"<>]*$/.test(sample)
  ) {
    return {
      finding: `${answered} with form data (\`${showText(quotable(), 40)}\`), not JSON.`,
      advice: 'Answer with `content-type: application/json` and an object such as `{"response": true}`.',
    }
  }
  if (/^\p{L}[^{}[\]":]*$/u.test(sample) && answer.body.length <= sampleBytes) {
    return { finding: `${answered} with the plain text "${showText(quotable(), 60)}", not JSON.` }
  }
  return {
    finding: `${answered}, but the body is not JSON: ${detail}.`,
    advice: 'Let a JSON library write the answer, such as `{"response": true}`.',
  }
}

function describeMarkup(sample: string, quotable: () => string): { what: string; advice: string } | null {
  if (!sample.startsWith('<')) return null
  if (!/<(?:!doctype html|html|head|body|title)\b/i.test(sample)) {
    if (!/^<(?:\?xml\b|[a-z]\w*:)/i.test(sample)) return null
    return { what: 'XML', advice: 'Let the receiver answer in JSON, such as `{"response": true}`.' }
  }
  const title = /<title[^<>]{0,200}>([^<>]{1,200})/i.exec(quotable())?.[1]?.trim().replace(/\s+/g, ' ')
  const what = `an HTML page${title ? ` titled "${showText(title, 60)}"` : ''}`
  if (/type=["']?password|sign[ -]?in|log[ -]?in|saml|oauth/i.test(sample)) {
    return {
      what,
      advice:
        'It looks like a sign-in page: check the credentials in the custom headers, and that the endpoint URL is the one for programs.',
    }
  }
  return {
    what,
    advice:
      'Check that the endpoint URL is the address of the receiver itself and not of a web page, a proxy or an error page.',
  }
}
