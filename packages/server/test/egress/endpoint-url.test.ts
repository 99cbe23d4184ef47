import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseEndpointUrl } from '../../src/egress/endpoint-url.ts'
import { type EgressPolicy, parseEgressAllow } from '../../src/egress/policy.ts'
import { isPublic } from './address-oracle.ts'
import { fixture } from './fixtures.ts'

const strict: EgressPolicy = { allowHttp: false, allow: [] }
const withHttp: EgressPolicy = { allowHttp: true, allow: [] }
const tryIt: EgressPolicy = { allowHttp: true, allow: parseEgressAllow('127.0.0.0/8, ::1, localhost') }
const refusal = (text: string, policy = withHttp) => {
  const parsed = parseEndpointUrl(text, policy)
  return parsed.ok ? null : `${parsed.finding} ${parsed.advice}`
}

/** No name that is inner by its form, no address that is not public. */
function expectOutside(text: string): void {
  const parsed = parseEndpointUrl(text, withHttp)
  if (!parsed.ok) return
  const host = parsed.url.hostname.replace(/^\[|\]$/g, '')
  expect(parsed.url.host.replace(/\.(?=:|$)/, '')).toBe(new URL(text).host.replace(/\.(?=:|$)/, ''))
  if (isIP(host)) expect(isPublic(host), text).toBe(true)
  else expect(host, text).toMatch(/^(?!.*\.(localhost|local|internal)$)[a-z0-9_-]+(\.[a-z0-9_-]+)+$/)
}

describe('an endpoint URL is refused, with what would be right', () => {
  test.each([
    ['http://hooks.example.com/', /KEYHOOK_EGRESS_HTTP/, strict],
    ['ftp://hooks.example.com/', /uses ftp.*Use https/],
    ['javascript:alert(1)', /scheme and a host/],
    ['https:hooks.example.com', /scheme and a host/],
    ['https:///hooks.example.com', /scheme and a host/],
    ['hooks.example.com/x', /scheme and a host/],
    ['', /scheme and a host/],
    ['https://user:secret@hooks.example.com/', /user name or password/],
    ['https://@hooks.example.com/', /user name or password/],
    ['https://[::1]:80@evil.example/', /user name or password/],
    ['https://hooks.example.com/#part', /fragment/],
    ['https://hooks.example.com/#', /fragment/],
    ['https://hooks.example.com/a b', /position 28.*%20/],
    [' https://hooks.example.com/', /position 1 /],
    ['https://hooks.example.com/\n', /position 27 /],
    ['https://hooks\t.example.com/', /position 14 /],
    ['https://hooks\u00ad.example.com/', /invisible/],
    ['https://hooks\u200b.example.com/', /invisible/],
    ['https:\\\\hooks.example.com', /backslash/],
    ['https://hooks.example.com\\@evil.example/', /backslash/],
    ['https://hooks.example.com:0/', /Port 0/],
    ['https://hooks.example.com:25/', /Port 25/],
    ['https://hooks.example.com:22/', /Port 22/],
    ['https://hooks.example.com:6667/', /Port 6667/],
    ['http://hooks.example.com:2375/', /Port 2375 .*databases or the control of machines/],
    ['https://hooks.example.com:3306/', /Port 3306/],
    ['https://hooks.example.com:5432/', /Port 5432/],
    ['https://hooks.example.com:6379/', /Port 6379/],
    ['https://hooks.example.com:9200/', /Port 9200.*KEYHOOK_EGRESS_ALLOW=:9200/],
    ['https://hooks.example.com:10250/', /Port 10250/],
    ['https://hooks.example.com:27017/', /Port 27017/],
    ['http://127.0.0.1:11211/', /Port 11211/, tryIt],
    ['https://hooks.example.com:65536/', /port at position 27 .*1 to 65535.*:8443/],
    ['https://hooks.example.com:80a/x', /port at position 27 /],
    ['https://hooks.example.com:-1', /port at position 27 /],
    ['https://[2606:4700::1111]:99999/', /port at position 27 /],
    ['https://hooks.exa mple:99999/', /position 18 /],
    ['https://exa%zzmple/', /not a URL/],
    [`https://hooks.example.com/${'a'.repeat(2048)}`, /2074 characters.*2048/],
    ['https://intranet/', /without a domain.*KEYHOOK_EGRESS_ALLOW=intranet/],
    ['https://localhost:8443/', /localhost/],
    ['https://localhost./', /localhost/],
    ['https://a.LOCALHOST/', /localhost/],
    ['https://db.internal/', /internal/],
    ['https://printer.local/', /local/],
    ['https://metadata.google.internal/', /metadata service/],
    ['https://hooks..example.com/', /empty part/],
    ['https://.example.com/', /empty part/],
    ['https://a*.example.com/', /character that host names cannot have/],
    [`https://${'a'.repeat(64)}.example.com/`, /63 characters/],
    [`https://${'a.'.repeat(126)}aa/`, /254 characters/],
    ['https://127.0.0.1/', /loopback.*KEYHOOK_EGRESS_ALLOW/],
    ['https://[::ffff:7f00:1]/', /loopback/],
    ['https://10.0.0.1/', /private/],
    ['https://169.254.169.254/', /metadata.*stays closed/],
    ['https://[fe80::1%25eth0]/', /not a URL/],
  ])('%j', (text, sentence, policy = withHttp) => {
    expect(refusal(text, policy)).toMatch(sentence)
  })
})

describe('every spelling of loopback and private addresses is refused', () => {
  test.each([
    '127.1',
    '0177.0.0.1',
    '0x7f000001',
    '2130706433',
    '127.0.0.1.',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '0',
    '[::]',
    '[::127.0.0.1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
  ])('http://%s/', (host) => expect(refusal(`http://${host}/`)).not.toBeNull())

  test.each(JSON.parse(fixture('safeurl/blocked-hosts.json')) as string[])('safeurl: http://%s', (host) => {
    expect(refusal(`http://${host}`)).not.toBeNull()
  })
})

describe('an endpoint URL is accepted', () => {
  test.each([
    ['https://hooks.example.com', 'https://hooks.example.com/'],
    ['HTTPS://HOOKS.Example.COM/Path?q=1', 'https://hooks.example.com/Path?q=1'],
    ['https://hooks.example.com./x', 'https://hooks.example.com/x'],
    ['https://hooks.example.com:443/', 'https://hooks.example.com/'],
    ['https://hooks.example.com:8443/', 'https://hooks.example.com:8443/'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['https://my_hook.example.com/', 'https://my_hook.example.com/'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://[2606:4700:0:0::1111]/', 'https://[2606:4700::1111]/'],
    ['https://[::ffff:8.8.8.8]/', 'https://8.8.8.8/'],
  ])('%s as %s', (text, href) => {
    const parsed = parseEndpointUrl(text, strict)
    expect(parsed.ok && parsed.url.href).toBe(href)
  })

  test.each(['http://localhost:3000/', 'http://127.0.0.1:9/x', 'http://[::1]:8080/', 'http://127.8.9.10/'])(
    'on loopback when the operator opened it: %s',
    (text) => expect(refusal(text, tryIt)).toBeNull(),
  )

  it('at ports that no inner service has, and at one that the operator opened', () => {
    const policy = { allowHttp: false, allow: parseEgressAllow(':9200') }
    expect(refusal('https://hooks.example.com:9200/', policy)).toBeNull()
    expect(refusal('https://hooks.example.com:6379/', policy)).toMatch(/KEYHOOK_EGRESS_ALLOW=:6379/)
    for (const port of [8080, 8443, 3000, 5000, 9000, 8088]) {
      expect(refusal(`https://hooks.example.com:${port}/`)).toBeNull()
    }
  })

  it('under a name that the operator opened, wildcards included', () => {
    const policy = { allowHttp: false, allow: parseEgressAllow('intranet, *.corp.internal') }
    expect(refusal('https://intranet/', policy)).toBeNull()
    expect(refusal('https://hooks.corp.internal/', policy)).toBeNull()
    expect(refusal('https://corp.internal/', policy)).not.toBeNull()
  })

  it('but a metadata name stays closed under any wildcard', () => {
    const policy = { allowHttp: false, allow: parseEgressAllow('*.google.internal, *.internal') }
    expect(refusal('https://metadata.google.internal/', policy)).toMatch(/stays closed/)
  })
})

describe('the URL cases of the web platform', () => {
  type Case = { input: string; base: string | null; failure?: boolean }
  const cases = ['urltestdata', 'urltestdata-javascript-only']
    .flatMap((name) => JSON.parse(fixture(`wpt-url/${name}.json`)) as (Case | string)[])
    .filter((item) => typeof item !== 'string')

  it('let nothing inside through, and never throw', () => {
    expect(cases.length).toBeGreaterThan(800)
    for (const { input } of cases) expectOutside(input)
  })

  it('refuse whatever the standard calls a failure', () => {
    const failures = cases.filter((item) => item.failure && item.base === null)
    expect(failures.length).toBeGreaterThan(200)
    for (const { input } of failures) expect(refusal(input), input).not.toBeNull()
  })

  test.each(['toascii', 'IdnaTestV2'])('%s: names become what the standard says, or are refused', (name) => {
    const rows = (
      JSON.parse(fixture(`wpt-url/${name}.json`)) as ({ input: string; output: string | null } | string)[]
    )
      .filter((row) => typeof row !== 'string')
      .slice(0, 5000)
    for (const { input, output } of rows) {
      const text = `https://${input}/`
      expectOutside(text)
      const parsed = parseEndpointUrl(text, strict)
      if (parsed.ok) expect(parsed.url.hostname, input).toBe(output?.replace(/\.$/, ''))
      if (output === null) expect(parsed.ok, input).toBe(false)
    }
  })

  /** Hosts are brought into one spelling by the setter of `hostname`; no other setter is used. */
  describe('of setters', () => {
    type SetterCase = { href: string; new_value: string; expected: { href?: string; hostname?: string } }
    const setters = JSON.parse(fixture('wpt-url/setters_tests.json')) as Record<string, SetterCase[]>

    it('let nothing inside through, before and after', () => {
      for (const [name, list] of Object.entries(setters)) {
        if (name === 'comment') continue
        for (const { href, new_value, expected } of list) {
          for (const text of [href, expected.href ?? href, `https://${new_value}/`]) expectOutside(text)
        }
      }
    })

    it('hostname does what the standard says', () => {
      expect(setters.hostname?.length).toBeGreaterThan(40)
      for (const { href, new_value, expected } of setters.hostname ?? []) {
        const url = new URL(href)
        url.hostname = new_value
        const found = Object.keys(expected).map((part) => [part, url[part as keyof typeof expected]])
        expect(Object.fromEntries(found), `${href} ${new_value}`).toEqual(expected)
      }
    })
  })

  it('any text: never a throw, and never an inner host', () => {
    const odd = fc.constantFrom(
      'https://',
      '127.0.0.1',
      '[::1]',
      '@',
      ':',
      '/',
      '\\',
      '.',
      '%',
      '0x7f',
      '？',
      '#',
      'localhost',
    )
    const text = fc.array(fc.oneof(odd, fc.string({ maxLength: 4, unit: 'binary' })), { maxLength: 8 })
    fc.assert(
      fc.property(text, (parts) => expectOutside(`https://${parts.join('')}`)),
      { numRuns: 2000 },
    )
  })
})
