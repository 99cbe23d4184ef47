/** The style sheet of the documentation: light and dark, wide and narrow, on paper too. Stands in the page itself. */
export const docsStyle = `
:root { color-scheme: light dark; --text: #1c2330; --muted: #586174; --line: #dfe3ea; --back: #fff; --code: #f3f5f8; --link: #1a56b0; --mark: #fff3c9 }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ef; --muted: #a3adbc; --line: #2d3542; --back: #12161d; --code: #1b212b; --link: #86b7ff; --mark: #4a3f13 } }
* { box-sizing: border-box }
html { scroll-padding-top: 24px }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", sans-serif }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
.frame { display: grid; grid-template-columns: 190px minmax(0, 1fr) 220px; gap: 48px; max-width: 1280px; margin: 0 auto; padding: 32px 24px 96px }
nav { font-size: 14px; line-height: 1.45 }
nav a { display: block; padding: 4px 0; color: var(--muted); text-decoration: none }
nav a:hover, nav a[aria-current] { color: var(--text) }
nav a[aria-current] { font-weight: 600 }
nav h2 { margin: 0 0 6px; padding: 0; border: 0; font-size: 13px; color: var(--muted) }
nav .sub { padding-left: 12px }
.pages, .contents { align-self: start; position: sticky; top: 32px; max-height: calc(100vh - 64px); overflow-y: auto }
.pages .away { margin-top: 12px; padding-top: 12px; border-top: 1px solid var(--line) }
main { max-width: 780px; overflow-wrap: break-word }
h1 { margin: 0 0 .6em; font-size: 30px; line-height: 1.2 }
h2 { margin: 2em 0 .6em; padding-top: .8em; border-top: 1px solid var(--line); font-size: 22px; line-height: 1.3 }
h3 { margin: 1.8em 0 .4em; font-size: 17px }
h2, h3, h4 { position: relative }
.anchor { position: absolute; right: 100%; padding-right: 6px; color: var(--muted); text-decoration: none; opacity: 0 }
:hover > .anchor, .anchor:focus { opacity: 1 }
:target { background: var(--mark); border-radius: 4px }
code { padding: .1em .3em; border-radius: 4px; background: var(--code); font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
pre { overflow-x: auto; padding: 14px 16px; border-radius: 8px; background: var(--code) }
pre code { padding: 0; background: none }
table { display: block; overflow-x: auto; border-collapse: collapse; font-size: 15px }
th, td { padding: 7px 16px 7px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top }
td:first-child { min-width: 9em }
td:not(:first-child) code { overflow-wrap: anywhere }
img { max-width: 100%; border: 1px solid var(--line); border-radius: 8px }
@media (max-width: 1080px) { .frame { grid-template-columns: 190px minmax(0, 1fr) } .contents { display: none } }
@media (max-width: 720px) {
  .frame { display: block; padding: 16px 16px 64px }
  .pages { position: static; max-height: none; display: flex; flex-wrap: wrap; gap: 0 16px; margin-bottom: 20px; padding-bottom: 12px; border-bottom: 1px solid var(--line) }
  .pages .away { margin: 0; padding: 4px 0; border: 0 }
  td:not(:first-child) { min-width: 12em }
  .anchor { display: none }
}
@media print { nav, .anchor { display: none } .frame { display: block } }
`
