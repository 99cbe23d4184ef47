import { describe, expect, test } from 'vitest'
import { anchorOf, renderMarkdown } from '../../src/docs/markdown.ts'

const html = (markdown: string, page = 'protocol') => renderMarkdown(markdown, page).html

describe('anchors', () => {
  test.each([
    ['missing_response', 'missing_response'],
    ['`not_found`', 'not_found'],
    ['What the caller of invoke sends', 'what-the-caller-of-invoke-sends'],
    ["The server's folders", 'the-servers-folders'],
    ['1. Start', '1-start'],
  ])('%s is #%s', (heading, anchor) => {
    expect(anchorOf(heading)).toBe(anchor)
  })
})

describe('links', () => {
  test.each([
    ['protocol', 'errors.md#not_found', '/docs/errors#not_found'],
    ['protocol', 'README.md', '/docs'],
    ['protocol', '#timeout', '#timeout'],
    ['', 'protocol.md', '/docs/protocol'],
    ['architecture', 'decisions/0001-node-from-npm.md', '/docs/decisions/0001-node-from-npm'],
    ['decisions/0001-node-from-npm', '../operations.md', '/docs/operations'],
    ['protocol', 'https://www.rfc-editor.org/rfc/rfc9457', 'https://www.rfc-editor.org/rfc/rfc9457'],
    ['protocol', '/api/docs', '/api/docs'],
  ])('on the page "%s" %s leads to %s', (page, written, served) => {
    expect(html(`[x](${written})`, page)).toContain(`<a href="${served}">x</a>`)
  })

  test('pictures are served beside the pages', () => {
    expect(html('![What it shows](images/x.png)')).toContain(
      '<img src="/docs/images/x.png" alt="What it shows">',
    )
  })
})

test('HTML in a text is shown, not run', () => {
  const shown = html(
    '<script>alert(1)</script>\n\na <b onclick="x()">b</b> `<i>`\n\n```html\n<img src=x>\n```\n',
  )
  expect(shown).not.toMatch(/<(script|b|i|img)\b/)
  expect(shown).toContain('&lt;script&gt;')
})

test('headings are listed with their depth, text and anchor', () => {
  const { title, headings } = renderMarkdown('# The page\n\n## First part\n\n### `a_code`\n', 'x')
  expect(title).toBe('The page')
  expect(headings).toEqual([
    { depth: 1, text: 'The page', anchor: 'the-page' },
    { depth: 2, text: 'First part', anchor: 'first-part' },
    { depth: 3, text: 'a_code', anchor: 'a_code' },
  ])
})
