/** What is wrong with answers of presets. Pure. */
type Check = (answer: string) => string | null

export const anything: Check = () => null

const hostPattern =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i

/** A name or an IPv4 address, without scheme, port and path. */
export const hostName: Check = (answer) =>
  hostPattern.test(answer)
    ? null
    : 'Only the name of the host, for example splunk.example.com, without https:// and without the port'

export const port: Check = (answer) =>
  /^[1-9]\d{0,4}$/.test(answer) && Number(answer) <= 65_535 ? null : 'A port: a number from 1 to 65535'

/** Tokens and keys: they go into a header. */
export const token: Check = (answer) =>
  /^[\x21-\x7e]{1,4000}$/.test(answer) ? null : 'A token has plain characters only, without spaces'

export const uuid: Check = (answer) =>
  /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(answer)
    ? null
    : 'An id such as 00000000-0000-0000-0000-000000000000'

/** An address of the web, with nothing that a page could not have copied there on purpose. */
export const webAddress: Check = (answer) => {
  const url = URL.parse(answer)
  if (!url || !/^https?:$/.test(url.protocol)) return 'An address such as https://collector.example.com:8443/'
  if (url.username || url.password) return 'Without a user name and a password: there are fields for them'
  return answer.length > 2_048 ? 'At most 2,048 characters' : null
}
