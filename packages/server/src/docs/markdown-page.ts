/** One page of the documentation as HTML: no script, no outside host, readable in light and dark. */
import { Marked } from 'marked'

export type DocsPage = { name: string; title: string }

const style = `
:root { color-scheme: light dark; --text: #1c2330; --muted: #5b6472; --line: #dfe3ea; --back: #fff; --code: #f4f6f9; --link: #1f5fbf }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ef; --muted: #9aa4b2; --line: #2d3542; --back: #12161d; --code: #1b212b; --link: #7db2ff } }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.6 system-ui, sans-serif }
.frame { display: grid; grid-template-columns: 220px minmax(0, 760px); gap: 48px; max-width: 1080px; margin: 0 auto; padding: 32px 24px 96px }
nav a { display: block; padding: 3px 0; color: var(--muted) } nav a[aria-current] { color: var(--text); font-weight: 600 }
a { color: var(--link); text-decoration: none } a:hover { text-decoration: underline }
h1 { margin-top: 0; line-height: 1.2 } h2 { margin-top: 2em; padding-top: .4em; border-top: 1px solid var(--line) } h3 { margin-top: 1.6em }
:target { background: color-mix(in srgb, var(--link) 18%, transparent) }
pre { overflow-x: auto; padding: 14px 16px; border-radius: 8px; background: var(--code) } code { font: .88em/1.5 ui-monospace, monospace; background: var(--code); padding: .1em .3em; border-radius: 4px } pre code { padding: 0 }
.table { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .94em } th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line) }
img { max-width: 100%; border-radius: 8px }
@media (max-width: 720px) { .frame { grid-template-columns: minmax(0, 1fr); gap: 8px; padding: 20px 16px 64px } nav { display: flex; flex-wrap: wrap; gap: 4px 16px; border-bottom: 1px solid var(--line); padding-bottom: 12px; margin-bottom: 12px } }
`

/** The page of one Markdown text. Headings get anchors; links to other pages of the documentation stay on this server. */
export function renderPage(markdown: string, current: string, pages: readonly DocsPage[]): string {
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth, text }) {
        return `<h${depth} id="${escapeHtml(anchorOf(text))}">${this.parser.parseInline(tokens)}</h${depth}>\n`
      },
      link({ href, tokens }) {
        return `<a href="${escapeHtml(localLink(href))}">${this.parser.parseInline(tokens)}</a>`
      },
      html({ text }) {
        return escapeHtml(text)
      },
    },
  })
  const body = String(marked.parse(markdown))
    .replaceAll('<table>', '<div class="table"><table>')
    .replaceAll('</table>', '</table></div>')
  const title = pages.find(({ name }) => name === current)?.title ?? 'Documentation'
  const links = pages.map(
    ({ name, title }) =>
      `<a href="/docs/${name}"${name === current ? ' aria-current="page"' : ''}>${escapeHtml(title)}</a>`,
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Keyhook</title><style>${style}</style></head>
<body><div class="frame"><nav aria-label="Documentation"><a href="/">← Console</a>${links.join('')}<a href="/api/docs">API reference</a></nav>
<main>${body}</main></div></body></html>`
}

/** The first heading of a page. */
export function titleOf(markdown: string): string {
  return /^# (.+)$/m.exec(markdown)?.[1] ?? 'Documentation'
}

/** As it is written in links: a code keeps its underscores, words are joined by hyphens. */
export function anchorOf(heading: string): string {
  return heading
    .replace(/[`*]/g, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')
}

function localLink(href: string): string {
  const match = /^(?:\.\/)?([a-z-]+)\.md(#.*)?$/.exec(href)
  return match ? `/docs/${match[1]}${match[2] ?? ''}` : href
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
