/** A notice as mail programs show it. Pure. Styles stand with the elements: mail programs drop style sheets. */
import type { RenderedNotice } from './notice-text.ts'

const styles = {
  body: 'font-family: system-ui, sans-serif; font-size: 16px; line-height: 1.5; max-width: 36em; margin: 24px auto; padding: 0 16px',
  label: 'padding: 2px 16px 2px 0; text-align: left; vertical-align: top; font-weight: normal; opacity: 0.7',
  value: 'padding: 2px 0; vertical-align: top',
  action:
    'display: inline-block; padding: 10px 18px; border-radius: 6px; background: #1c5fd6; color: #ffffff; text-decoration: none',
}

export function noticeHtml({ subject, intro, facts, action }: Omit<RenderedNotice, 'text' | 'html'>): string {
  const paragraphs = intro.split('\n\n').map((part) => `<p>${lines(part)}</p>`)
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><th scope="row" style="${styles.label}">${escapeHtml(label)}</th><td style="${styles.value}">${lines(value)}</td></tr>`,
  )
  const table =
    rows.length === 0 ? '' : `<table style="border-collapse: collapse">\n${rows.join('\n')}\n</table>\n`
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>
<body style="${styles.body}">
${paragraphs.join('\n')}
${table}<p><a href="${escapeHtml(action.url)}" style="${styles.action}">${escapeHtml(action.label)}</a></p>
</body>
</html>
`
}

function lines(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
