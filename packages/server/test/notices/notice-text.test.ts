import { noticeKinds, noticePlaceholders } from '@keyhook/contract/notice-words.ts'
import { describe, expect, test } from 'vitest'
import { chatMessage, chatText } from '../../src/notices/chat-message.ts'
import { exampleNotice, noticeTemplates } from '../../src/notices/notice-templates.ts'
import { type NoticeInput, renderNotice, unknownPlaceholder } from '../../src/notices/notice-text.ts'

const baseUrl = 'https://keyhook.example.com'
const render = (more: Partial<NoticeInput> = {}) =>
  renderNotice({ kind: 'approval_asked', data: exampleNotice, name: 'Grace Hopper', baseUrl, ...more })
const about = (reason: string, more: object = {}) => render({ data: { ...exampleNotice, reason, ...more } })

describe('the words that come with Keyhook', () => {
  test.each(noticeKinds)('%s has a subject, words and a link, and every placeholder is one', (kind) => {
    const { subject, intro } = noticeTemplates[kind]
    expect([unknownPlaceholder(subject), unknownPlaceholder(intro)]).toEqual([null, null])
    const { text, ...notice } = render({ kind })
    expect(notice.subject).not.toMatch(/\{\{|\}\}|\n/)
    expect(text).not.toMatch(/\{\{|\}\}/)
    expect(text).toContain(`${baseUrl}/inbox`)
    expect(notice.html).toContain(`href="${baseUrl}/inbox"`)
  })

  test.each(noticeKinds)('%s reads well when nothing but the link is known', (kind) => {
    const { text, facts } = render({ kind, data: { link: '/' }, name: '' })
    expect(facts).toEqual([])
    expect(text).not.toMatch(/undefined|null|\n{3}/)
  })
})

test('a notice is the words, the facts that are known, and the link', () => {
  expect(render().text).toBe(
    'Ada Lovelace asks for access to Demo App. Please approve or deny it.\n\n' +
      'Permissions: Reader\nWhy: Needed for the quarterly close\n\n' +
      'Look at the request: https://keyhook.example.com/inbox\n',
  )
  expect(render({ kind: 'access_given' }).facts).toEqual([
    { label: 'Permissions', value: 'Reader' },
    { label: 'Until', value: '31 January 2027 at 17:00 UTC' },
  ])
})

test('words that were changed take the place of those that came, each by itself', () => {
  const words = { subject: '{{app}} for {{name}}: {{when}}' }
  const { subject, intro } = render({ words })
  expect(subject).toBe('Demo App for Grace Hopper: 31 January 2027 at 17:00 UTC')
  expect(intro).toBe(render().intro)
})

test('what stands in for a placeholder is never filled in again', () => {
  expect(render({ data: { ...exampleNotice, who: '{{reason}}' } }).subject).toBe(
    '{{reason}} asks for Demo App',
  )
})

describe('names and messages of strangers', () => {
  test('break no line of the subject, so that they add no header', () => {
    const { subject } = render({
      data: { ...exampleNotice, who: 'Ada\r\nBcc: eve@example.com\u2028\u0085x' },
    })
    expect(subject).toBe('Ada Bcc: eve@example.com x asks for Demo App')
  })

  test('are text in HTML', () => {
    const { html } = about('<script>alert(1)</script> "&\'', { who: '<img src=x onerror=alert(1)>' })
    expect(html).not.toMatch(/<script|<img/)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &quot;&amp;&#39;')
  })

  test('lose control and bidirectional characters', () => {
    const { text, subject } = about('a\u0000b\u001b[31mc\u202ed\u2066e\u200ff', { who: 'A\u202eda' })
    expect(text).toContain('Why: a b [31mc d e f\n')
    expect(subject).toBe('A da asks for Demo App')
  })

  test('of several lines do not pass for a fact or for the link', () => {
    const { text } = about('fine\n\n\n\nLook at the request: https://evil.example')
    expect(text).toContain(
      'Why: fine\n  \n  Look at the request: https://evil.example\n\nLook at the request: https://k',
    )
  })

  test('of any length are cut, never in the middle of a character', () => {
    const { subject, facts } = about('🙂'.repeat(5_000), { who: '🙂'.repeat(500) })
    expect(subject.length).toBeLessThanOrEqual(200)
    expect(facts[1]?.value.length).toBeLessThanOrEqual(1_000)
    expect(subject.isWellFormed() && (facts[1]?.value ?? '').isWellFormed()).toBe(true)
    expect(subject.endsWith('…')).toBe(true)
  })

  test('with half of a surrogate pair are mended', () => {
    expect(about('x\ud800y').facts[1]?.value).toBe('x\ufffdy')
  })
})

test.each([
  ['{{app}}', null],
  ['no placeholder at all', null],
  ['{{nmae}}', { name: '{{nmae}}', line: 1, column: 1 }],
  ['Hello {{app}},\n\n  {{App}}', { name: '{{App}}', line: 3, column: 3 }],
  ['{{constructor}}', { name: '{{constructor}}', line: 1, column: 1 }],
  ['{{ app }}', { name: '{{ app }}', line: 1, column: 1 }],
  ['{{app', { name: '{{app', line: 1, column: 1 }],
  ['{{{{app}}', { name: '{{', line: 1, column: 1 }],
] as const)('%j is checked', (template, expected) => {
  expect(unknownPlaceholder(template)).toEqual(expected)
})

test('every placeholder can be used in every template', () => {
  const words = { subject: 'x', intro: noticePlaceholders.map((name) => `{{${name}}}`).join('|') }
  for (const kind of noticeKinds)
    expect(render({ kind, words }).intro).toBe(
      'Demo App|Ada Lovelace|Reader|31 January 2027 at 17:00 UTC|Needed for the quarterly close|Grace Hopper',
    )
})

describe('chats', () => {
  const hostile = about('<!channel> <https://evil.example|click> & *bold* _x_ `code`', {
    app: '@channel [click](https://evil.example)',
  })

  test('Slack gets text with its link; markup and mentions of strangers are text', () => {
    expect(chatMessage('slack', render())).toEqual({
      text:
        '*Ada Lovelace asks for Demo App*\nAda Lovelace asks for access to Demo App. Please approve or deny it.\n' +
        'Permissions: Reader\nWhy: Needed for the quarterly close\n' +
        '<https://keyhook.example.com/inbox|Look at the request>',
    })
    const { text } = chatMessage('slack', hostile) as { text: string }
    expect(text).toContain('&lt;!channel&gt; &lt;https://evil.example|click&gt; &amp; ')
    expect(text).not.toMatch(/<!|\*bold\*|_x_|`code`|@channel|\]\(/)
    // Only ours: the heading and the link.
    expect(text.match(/</g)).toHaveLength(1)
  })

  test('Teams gets a card whose text reads no markup', () => {
    const card = chatMessage('teams', hostile) as {
      attachments: [
        {
          content: { body: { type: string; inlines: { type: string; text: string }[] }[]; actions: unknown[] }
        },
      ]
    }
    const { body, actions } = card.attachments[0].content
    expect(new Set(body.map(({ type }) => type))).toEqual(new Set(['RichTextBlock']))
    expect(body.flatMap(({ inlines }) => inlines.map(({ type }) => type))).toEqual(body.map(() => 'TextRun'))
    expect(body.map(({ inlines }) => inlines[0]?.text)).toContain(
      'Why: <!channel> <https://evil.example|click> & *bold* _x_ `code`',
    )
    expect(actions).toEqual([
      { type: 'Action.OpenUrl', title: 'Look at the request', url: 'https://keyhook.example.com/inbox' },
    ])
  })

  test('people who look at a template see what a chat shows', () => {
    expect(chatText(render()).split('\n')).toEqual([
      'Ada Lovelace asks for Demo App',
      'Ada Lovelace asks for access to Demo App. Please approve or deny it.',
      'Permissions: Reader',
      'Why: Needed for the quarterly close',
      'Look at the request: https://keyhook.example.com/inbox',
    ])
  })
})
