import type { Finding } from './failure.ts'
import { isJsonObject, type JsonObject, own } from './json-object.ts'
import { describeValue } from './read-response.ts'
import { type Quote, showText } from './show-text.ts'
import type { WebhookTypeInfo } from './webhook-type.ts'

/** So many keys of the body are compared with what receivers write by mistake. */
const keysLookedAt = 100

/** Members that low-code tools and function platforms put around what was meant as the answer. */
const wrappers = ['body', 'data', 'result', 'results', 'payload', 'json', 'Output', 'OUTPUT']

/** Words that say the decision, but at the wrong place. */
const decisionWords = [
  'success',
  'valid',
  'approved',
  'provisioned',
  'deprovisioned',
  'result',
  'decision',
  'status',
]

/** Why JSON holds neither `output.response` nor `response`, and what to change, as specific as can be. */
export function describeMissingResponse(
  status: number,
  body: unknown,
  type: WebhookTypeInfo,
  quote: Quote,
): Finding {
  if (!isJsonObject(body)) return describeNonObject(status, body, quote)
  const finding = `The endpoint answered ${status} with JSON, but neither \`output.response\` nor \`response\` was there.`
  return { finding, advice: findHint(body, type, quote) }
}

function describeNonObject(status: number, body: unknown, quote: Quote): Finding {
  if (holdsJson(body)) {
    return {
      finding: `The endpoint answered ${status} with JSON inside a JSON text (it was encoded twice).`,
      advice: 'Send the object itself: encode it once.',
    }
  }
  const finding = `The endpoint answered ${status} with JSON that is ${describeValue(body, quote)}, not an object.`
  if (typeof body === 'boolean')
    return { finding, advice: `Put it into an object: \`{"response": ${body}}\`.` }
  if (Array.isArray(body)) {
    return { finding, advice: 'Send the object without the array around it, such as `{"response": true}`.' }
  }
  return { finding }
}

function findHint(body: JsonObject, type: WebhookTypeInfo, quote: Quote): string | undefined {
  const output = own(body, 'output')
  if (holdsJson(output)) {
    return '`output` is a text that holds JSON: send the object itself, without encoding it a second time.'
  }
  if (Object.hasOwn(body, 'statusCode') && Object.hasOwn(body, 'body')) {
    return 'There are `statusCode` and `body`: this is what a Lambda function returned to its own platform. Call it through a function URL or a proxy integration, or return the object with `response` alone.'
  }
  for (const key of ['errorMessage', 'error', 'errors']) {
    if (!Object.hasOwn(body, key)) continue
    return `There is \`${key}\` (${describeValue(body[key], quote)}): the receiver failed and said so; look into its logs.`
  }
  const places = [[output, 'output.'] as const, [body, ''] as const]
  for (const [object, path] of places) {
    const key = isJsonObject(object) ? findMisspelt(object) : null
    if (key !== null) {
      return `There is \`${path}${showText(key, 40)}\`: the key must be exactly \`response\`, in lower case.`
    }
  }
  for (const name of wrappers) {
    const inner = own(body, name)
    if (holdsJson(inner))
      return `\`${name}\` is a text that holds JSON: send that object itself as the answer.`
    if (isJsonObject(inner) && (Object.hasOwn(inner, 'response') || Object.hasOwn(inner, 'output'))) {
      return `\`${name}\` holds an answer: send what is in it as the whole answer.`
    }
  }
  for (const [object, path] of places) {
    const word = isJsonObject(object) && decisionWords.find((name) => Object.hasOwn(object, name))
    if (word) return misplacedWord(word, path, type)
  }
  if (output !== undefined && !isJsonObject(output)) {
    return `\`output\` is ${describeValue(output, quote)}; it must be an object: \`{"output": {"response": true}}\`.`
  }
  return undefined
}

function misplacedWord(word: string, path: string, type: WebhookTypeInfo): string {
  const found = `\`${path}${word}\` alone is not read`
  return word === 'success' || word === type.decisionWord
    ? `${found}: write \`{"response": {"${word}": true}}\`, or \`{"response": true}\`.`
    : `${found}: name the key \`response\`, and its value \`true\` or \`false\`.`
}

const misspelt = /^\W*(?:respon[sc]es?|respons|reponse|resonse|respone|respose|repsonse|resposne)\W*$/i

/** A key that was surely meant as `response`: another case, spaces around it, a letter too few or too many. */
function findMisspelt(object: JsonObject): string | null {
  const keys = Object.keys(object).slice(0, keysLookedAt)
  return keys.find((key) => key.length <= 40 && misspelt.test(key)) ?? null
}

/** Whether a value is a text that starts as a JSON object does. */
function holdsJson(value: unknown): boolean {
  return typeof value === 'string' && /^\s{0,20}\{/.test(value)
}
