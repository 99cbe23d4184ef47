/** The pages about SIEMs against the code: what they show is what is sent. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatEvents, siemFormats } from '../../src/siem/formats.ts'
import { fillPreset, siemPresets } from '../../src/siem/presets.ts'
import { sentinelColumns } from '../../src/siem/sentinel.ts'
import { ocsfPage, shownEntry, streamDeclarations, tableColumns } from './docs-example.ts'
import { source } from './entries.ts'

const docs = join(import.meta.dirname, '..', '..', '..', '..', 'docs')
const page = (name: string) => readFileSync(join(docs, `${name}.md`), 'utf8')
const formats = page('siem-formats')
const blocks = (markdown: string) =>
  [...markdown.matchAll(/^ *```json\n([\s\S]*?)^ *```/gm)].map(([, block = '']) => JSON.parse(block))

/** By the name of the format that stands in the heading's first line. */
const sections = new Map(
  formats
    .split(/^## /m)
    .slice(1)
    .flatMap((part) => {
      const [, name] = /^`(\w+)`/m.exec(part.split('\n').slice(1).join('\n').trim()) ?? []
      return name === undefined ? [] : [[name, part] as const]
    }),
)

describe('the page about the formats', () => {
  test('has a section for each format and no other', () => {
    expect([...sections.keys()]).toEqual([...siemFormats])
  })

  test.each(siemFormats)('%s: the example is what is sent', (format) => {
    const { contentType, body } = formatEvents(format, [shownEntry], source)
    const section = sections.get(format) ?? ''
    expect(blocks(section)).toEqual([JSON.parse(new TextDecoder().decode(body))])
    expect(section).toContain(`\`${contentType}\``)
  })

  test('lists the columns of Sentinel with their types', () => {
    const rows = [...(sections.get('sentinel') ?? '').matchAll(/^\| `(\w+)` \| (\w+) \|/gm)]
    expect(rows.map(([, name, type]) => [name, type])).toEqual(
      sentinelColumns.map(({ name, type }) => [name, type]),
    )
  })
})

// `vitest -u` writes it anew.
test('the page about event types in OCSF lists each of them as it is', async () => {
  await expect(ocsfPage()).toMatchFileSnapshot(join(docs, 'siem-ocsf.md'))
})

describe('the page about Sentinel', () => {
  const [rule] = blocks(page('siem-sentinel'))

  test('declares the columns of the stream', () => {
    expect(rule.properties.streamDeclarations).toEqual(streamDeclarations)
    expect(rule.properties.dataFlows[0].streams).toEqual(Object.keys(streamDeclarations))
  })

  test('makes a table of the same columns', () => {
    const [, columns = ''] = /--columns ([\s\S]*?)\n *```/.exec(page('siem-sentinel')) ?? []
    expect(columns.split(/[\s\\]+/).filter((column) => column !== '')).toEqual(tableColumns)
  })
})

describe.each(siemPresets)('the steps for $id', ({ docs: name, questions, label }) => {
  test('say what to answer to each question', () => {
    const steps = page(name)
    expect(steps).toContain(`**${label}**`)
    for (const { label: question } of questions) expect(steps).toContain(`**${question}**`)
  })
})

test('what is not in a preset is not asked', () => {
  for (const preset of siemPresets)
    expect(fillPreset(preset, { other: 'x' })).not.toHaveProperty('errors.other')
})
