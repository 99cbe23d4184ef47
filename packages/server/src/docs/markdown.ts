/** One Markdown text as HTML. The texts are ours, but raw HTML in them is still shown, not run. */
import path from 'node:path'
import { Marked } from 'marked'
import { nameOf } from './docs-files.ts'

export type Heading = { readonly depth: number; readonly text: string; readonly anchor: string }

export type Rendered = {
  readonly title: string
  readonly html: string
  readonly headings: readonly Heading[]
}

/** `page`: the name of the page, which its relative links start from. */
export function renderMarkdown(markdown: string, page: string): Rendered {
  const headings: Heading[] = []
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth, text }) {
        const heading = { depth, text: plain(text), anchor: anchorOf(text) }
        headings.push(heading)
        const inner = this.parser.parseInline(tokens)
        if (depth === 1) return `<h1>${inner}</h1>\n`
        const anchor = escapeHtml(heading.anchor)
        return `<h${depth} id="${anchor}"><a class="anchor" href="#${anchor}" aria-label="Link to this section">#</a>${inner}</h${depth}>\n`
      },
      link({ href, tokens }) {
        return `<a href="${escapeHtml(servedAddress(href, page))}">${this.parser.parseInline(tokens)}</a>`
      },
      image({ href, text }) {
        return `<img src="${escapeHtml(servedAddress(href, page))}" alt="${escapeHtml(text)}">`
      },
      code({ text }) {
        // Can be scrolled by keyboard.
        return `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>\n`
      },
      html: ({ text }) => escapeHtml(text),
    },
  })
  const html = String(marked.parse(markdown))
  return { title: headings.find(({ depth }) => depth === 1)?.text ?? 'Documentation', html, headings }
}

/** As it is written in links: words are joined by hyphens, a code keeps its underscores. The rule of Git hosts. */
export function anchorOf(heading: string): string {
  return plain(heading)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function plain(text: string): string {
  return text.replace(/[`*]/g, '').trim()
}

/** A relative link between files of the `docs` folder, as this server serves them. */
function servedAddress(href: string, page: string): string {
  if (/^[a-z]+:|^[/#]/i.test(href)) return href
  const [file = '', anchor] = href.split('#')
  const target = nameOf(path.posix.join(path.posix.dirname(page || '.'), file))
  return `/docs${target && `/${target}`}${anchor === undefined ? '' : `#${anchor}`}`
}
