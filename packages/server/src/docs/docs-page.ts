/** A page of the documentation as it is sent: no script, nothing from another host. */
import { docsStyle } from './docs-style.ts'
import { escapeHtml, type Rendered } from './markdown.ts'

export type DocsLink = { readonly name: string; readonly title: string }

/** The whole HTML. `current`: the name of the page; `links`: the pages of the navigation. */
export function docsPage(page: Rendered, current: string | null, links: readonly DocsLink[]): string {
  const navigation = links.map(({ name, title }) => {
    const here = name === current ? ' aria-current="page"' : ''
    return `<a href="/docs${name && `/${name}`}"${here}>${escapeHtml(title)}</a>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)} · Keyhook</title>
<link rel="icon" href="/favicon.svg">
<style>${docsStyle}</style>
</head>
<body>
<div class="frame">
<nav class="pages" aria-label="Documentation">
${navigation.join('\n')}
<a class="away" href="/api/docs">API reference</a>
<a href="/">Console</a>
</nav>
<main>
${page.html}</main>
${contents(page)}
</div>
</body>
</html>
`
}

function contents({ headings }: Rendered): string {
  const shown = headings.filter(({ depth }) => depth === 2 || depth === 3)
  if (shown.length < 2) return ''
  const items = shown.map(
    ({ depth, text, anchor }) =>
      `<a${depth === 3 ? ' class="sub"' : ''} href="#${escapeHtml(anchor)}">${escapeHtml(text)}</a>`,
  )
  return `<nav class="contents" aria-label="On this page">\n<h2>On this page</h2>\n${items.join('\n')}\n</nav>`
}
