import { describe, expect, it, test } from 'vitest'
import { opensName, opensPort, parseEgressAllow } from '../../src/egress/policy.ts'

const opens = (allow: string, name: string) =>
  opensName({ allowHttp: false, allow: parseEgressAllow(allow) }, name)

describe('KEYHOOK_EGRESS_ALLOW', () => {
  it('reads CIDRs, addresses and names, separated by commas or spaces', () => {
    const rules = parseEgressAllow('127.0.0.0/8, ::1 [fd00::1],localhost\n*.Corp.Example.,, hooks.internal')
    expect(
      rules.map((rule) => (rule.kind === 'range' ? rule.range.text : rule.kind === 'name' && rule.name)),
    ).toEqual(['127.0.0.0/8', '::1', 'fd00::1', 'localhost', 'corp.example', 'hooks.internal'])
  })

  it('opens a port of inner services, which is neither an address nor a name', () => {
    const policy = { allowHttp: false, allow: parseEgressAllow(':9200, ::1') }
    expect([9200, 6379].map((port) => opensPort(policy, port))).toEqual([true, false])
    expect(policy.allow.map(({ kind }) => kind)).toEqual(['port', 'range'])
  })

  it('opens nothing when it is empty', () => expect(parseEgressAllow(' , ')).toEqual([]))

  it('a name opens itself, a wildcard what is below it', () => {
    expect(opens('hooks.corp.example', 'hooks.corp.example')).toBe(true)
    expect(opens('hooks.corp.example', 'a.hooks.corp.example')).toBe(false)
    expect(opens('*.corp.example', 'a.b.corp.example')).toBe(true)
    expect(opens('*.corp.example', 'corp.example')).toBe(false)
    expect(opens('*.corp.example', 'evilcorp.example')).toBe(false)
  })

  test.each([
    ['10.0.0.0/33'],
    ['10.0.0.0/08'],
    ['10.0.0/8'],
    ['10.0.0.300'],
    ['127.1'],
    ['::1/129'],
    ['fe80::1%eth0'],
    ['::ffff:0:0/95'],
    ['*'],
    ['*.*.example'],
    ['a.*.example'],
    ['https://hooks.example.com'],
    ['hooks.example.com:8443'],
    ['hooks..example.com'],
    ['höoks.example'],
    [':25'],
    [':443'],
    [':70000'],
    [':'],
    ['10.0.0.1:9200'],
    ['metadata.google.internal'],
  ])('a wrong entry is named with its position and a right example: %s', (entry) => {
    expect(() => parseEgressAllow(`localhost, ${entry}`)).toThrow(
      /^entry 2 \(".+"\) is .*for example: 10\.20\.0\.0\/16/,
    )
    expect(() => parseEgressAllow(`localhost, ${entry}`)).toThrow(entry)
  })
})
