/** The documentation against the code: what it lists is what there is. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { endReasons, permissionSources } from '@keyhook/contract/access-words.ts'
import { problemCodes } from '@keyhook/contract/api/problem.ts'
import { examplePayload } from '@keyhook/contract/example-payload.ts'
import { failureReasons } from '@keyhook/contract/outcome.ts'
import { addEnvelope } from '@keyhook/contract/payload-envelope.ts'
import { sign } from '@keyhook/contract/signature.ts'
import { formatSigningSecret } from '@keyhook/contract/signing-secret.ts'
import { type WebhookType, webhookTypes } from '@keyhook/contract/webhook-type.ts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { envNames } from '../../src/config.ts'
import { attemptHeaders } from '../../src/deliveries/delivery-request.ts'
import { readPages } from '../../src/docs/docs-files.ts'
import { docsFolder, navigation } from '../../src/docs/docs-routes.ts'
import { renderMarkdown } from '../../src/docs/markdown.ts'
import { checkHeader } from '../../src/egress/request-headers.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const pages = readPages(docsFolder)
const markdownOf = (name: string) => pages.find((page) => page.name === name)?.markdown ?? ''
const protocol = markdownOf('protocol')

/** The sections of a heading's level, by heading. */
function sections(markdown: string, level: string): Map<string, string> {
  const parts = markdown.split(new RegExp(`^${level} `, 'm')).slice(1)
  const ended = parts.map((part) => part.split(new RegExp(`^#{1,${level.length - 1}} `, 'm'))[0] ?? '')
  return new Map(ended.map((part) => [part.split('\n')[0]?.trim() ?? '', part]))
}
const codeBlocks = (markdown: string, language: string) =>
  [...markdown.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] ?? '',
  )
const codesIn = (text: string) => [...text.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? '')

describe('the errors page', () => {
  const described = sections(markdownOf('errors'), '###')

  test('has a section for each problem code and no other', () => {
    expect([...described.keys()].sort()).toEqual(Object.keys(problemCodes).sort())
  })

  test.each(Object.entries(problemCodes))('says the status of %s', (code, { status }) => {
    expect(described.get(code)).toContain(`**Status ${status}.**`)
  })
})

describe('the receiver guide', () => {
  test('has a section for each failure reason and no other', () => {
    const [, after = ''] = protocol.split('## Failure reasons\n')
    const [part = ''] = after.split(/^## /m)
    expect([...sections(part, '###').keys()]).toEqual([...failureReasons])
  })

  test.each([
    ['Provisioning, validation and pre-approval', 'provisioning'],
    ['Deprovisioning', 'deprovisioning'],
    ['SIEM', 'siem'],
  ] as const)('%s: the example is what a %s webhook is sent', (heading, type) => {
    const [example = ''] = codeBlocks(sections(protocol, '###').get(heading) ?? '', 'json')
    const shown = JSON.parse(example) as Record<string, unknown>
    const envelope = {
      webhook_type: type,
      delivery_id: String(shown.delivery_id),
      test: false,
      sent_at: String(shown.sent_at),
    }
    expect(shown).toEqual(addEnvelope(examplePayload(type), envelope, { overrideTest: false }))
  })

  test('the types with one example are sent the same members', () => {
    const same: WebhookType[] = ['request_validation', 'pre_approval', 'provisioning']
    for (const type of same) expect(examplePayload(type)).toEqual(examplePayload('provisioning'))
  })

  test('lists every header that is sent', () => {
    const target = {
      type: 'pre_approval',
      name: 'W',
      endpointUrl: 'https://receiver.example/',
      headers: [],
      timeLimitMs: 1_000,
      signingKeys: { secrets: [Buffer.alloc(32)], privateKeys: [] },
    } as const
    const sent = attemptHeaders(target, 'dlv_1', Buffer.from('{}'), 0, '', {
      type: 'application/json',
      gzip: false,
    }).map(([name]) => name)
    const rows = [...(sections(protocol, '##').get('The request') ?? '').matchAll(/^\| `([a-z-]+)` \|/gm)]
    expect(rows.map((row) => row[1]).sort()).toEqual(sent.sort())
  })

  test('lists names that a custom header cannot have', () => {
    const [, list = ''] = /They cannot be named ([\s\S]*?)\. Values/.exec(protocol) ?? []
    const names = codesIn(list)
    expect(names.length).toBeGreaterThan(15)
    for (const name of names)
      expect(checkHeader(name.endsWith('-') ? `${name}x` : name, 'v'), name).not.toBeNull()
  })

  test('lists the sources of permissions and the reasons of deprovisioning', () => {
    for (const word of [...permissionSources, ...endReasons]) expect(protocol).toContain(`\`${word}\``)
    for (const type of webhookTypes) expect(protocol).toContain(`| \`${type}\` |`)
  })

  test('the Node example takes what Keyhook signs and nothing else', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'keyhook-docs-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const file = path.join(folder, 'signature.mjs')
    writeFileSync(file, codeBlocks(sections(protocol, '###').get('Node') ?? '', 'js')[0] ?? '')
    const { isFromKeyhook } = (await import(/* @vite-ignore */ file)) as {
      isFromKeyhook(secret: string, headers: Record<string, string>, body: Buffer): boolean
    }
    const key = Buffer.alloc(32, 3)
    const body = Buffer.from('{"test":true}')
    const signed = (keys: Uint8Array[], seconds = Math.floor(Date.now() / 1000)) => ({
      'webhook-id': 'dlv_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': sign({ secrets: keys, privateKeys: [] }, 'dlv_1', seconds, body),
    })
    const check = (headers: Record<string, string>, bytes = body) =>
      isFromKeyhook(formatSigningSecret(key), headers, bytes)
    expect(check(signed([key]))).toBe(true)
    expect(check(signed([Buffer.alloc(32, 4), key]))).toBe(true)
    expect(check(signed([Buffer.alloc(32, 4)]))).toBe(false)
    expect(check(signed([key]), Buffer.from('{"test":false}'))).toBe(false)
    expect(check({ ...signed([key]), 'webhook-id': 'dlv_2' })).toBe(false)
    expect(check(signed([key], Math.floor(Date.now() / 1000) - 3_600))).toBe(false)
    expect(check({})).toBe(false)
  })
})

test('the configuration page lists the variables that are read', () => {
  const rows = [...markdownOf('configuration').matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map((row) => row[1])
  expect(rows).toEqual([...envNames])
})

describe('every page', () => {
  const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  })
  const outside = tracked.split('\n').filter((file) => /^[A-Z]+\.md$/.test(file))
  const rendered = new Map(pages.map(({ name, markdown }) => [name, renderMarkdown(markdown, name)]))

  test('can be reached: by the navigation, or from the page about the architecture', () => {
    const reached = pages.filter(
      ({ name }) =>
        navigation.some((entry) => entry === name) || markdownOf('architecture').includes(`(${name}.md)`),
    )
    expect(pages.map(({ name }) => name)).toEqual(reached.map(({ name }) => name))
    for (const name of navigation) expect(rendered.has(name), name).toBe(true)
  })

  test.each(pages.map(({ name }) => name))('%s: one title, and no anchor is there twice', (name) => {
    const headings = rendered.get(name)?.headings ?? []
    expect(headings.filter(({ depth }) => depth === 1)).toHaveLength(1)
    const anchors = headings.map(({ anchor }) => anchor)
    expect(anchors).toEqual([...new Set(anchors)])
  })

  test.each(pages.map(({ name }) => name))('%s: links within the documentation lead somewhere', (name) => {
    const html = rendered.get(name)?.html ?? ''
    const links = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '')
    for (const link of links.filter((href) => !/^https:|^\/api\//.test(href))) {
      const [target = '', anchor] = link.split('#')
      const page = target === '' ? name : target.replace(/^\/docs\/?/, '')
      expect(rendered.has(page), link).toBe(true)
      if (anchor !== undefined) {
        expect(
          rendered.get(page)?.headings.map((heading) => heading.anchor),
          link,
        ).toContain(anchor)
      }
    }
  })

  test.each(outside)('%s: links lead to files of the repository', (file) => {
    const links = [
      ...readFileSync(path.join(root, file), 'utf8').matchAll(/(?<!!)\[[^\]]*\]\(([^)#]+)(#[^)]*)?\)/g),
    ]
    for (const [, target = ''] of links) {
      if (!target.startsWith('https:')) expect(existsSync(path.join(root, target)), target).toBe(true)
    }
  })

  test.each(pages.map(({ name }) => name))('%s: blocks of JSON are JSON', (name) => {
    for (const block of codeBlocks(markdownOf(name), 'json'))
      expect(() => JSON.parse(block), block).not.toThrow()
  })

  test('files that CONTRIBUTING shows exist', () => {
    const shown = codesIn(readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8')).filter((code) =>
      /^(packages|test|docs)\/[\w./-]+$/.test(code),
    )
    expect(shown.length).toBeGreaterThan(15)
    for (const file of shown) expect(existsSync(path.join(root, file)), file).toBe(true)
  })
})
