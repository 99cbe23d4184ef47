/**
 * Dates of HTTP headers in their three forms, all in UTC. Strict, as `Date.parse` takes almost any text and reads the third
 * form in local time. Source: RFC 9110, 5.6.7.
 */

const days = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const longDays = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day'
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const month = `(?<month>${months.join('|')})`
const time = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)'

const forms = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^${days}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT$`),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^${longDays}, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT$`),
  // Sun Nov  6 08:49:37 1994
  new RegExp(`^${days} ${month} (?<day>\\d\\d| \\d) ${time} (?<year>\\d{4})$`),
]

/**
 * Epoch milliseconds; null for what is no HTTP date. `now`, in epoch milliseconds too, tells the century of a year with two
 * digits: the latest one that is not more than 50 years ahead.
 */
export function parseHttpDate(text: string, now: number): number | null {
  for (const form of forms) {
    const parts = form.exec(text)?.groups
    if (parts) return fromParts(parts, now)
  }
  return null
}

function fromParts(parts: Readonly<Record<string, string>>, now: number): number | null {
  const at = new Date(0)
  const day = Number(parts.day)
  const written = Number(parts.year)
  const year = parts.year?.length === 2 ? withCentury(written, new Date(now).getUTCFullYear()) : written
  at.setUTCFullYear(year, months.indexOf(parts.month ?? ''), day)
  // The 31st of February would otherwise become a day in March.
  if (at.getUTCDate() !== day) return null
  return at.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second))
}

function withCentury(twoDigits: number, currentYear: number): number {
  const year = currentYear - (currentYear % 100) + 100 + twoDigits
  const latest = currentYear + 50
  return year - 100 * Math.ceil(Math.max(0, year - latest) / 100)
}
