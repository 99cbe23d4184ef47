import classes from './code-block.module.css'
import { CopyButton } from './copy-button.tsx'
import { jsonTokens, prettyJson } from './json-tokens.ts'

type Props = { label: string; text: string; emptyText?: string }

/** Text in a scrolling box of its own: JSON indented and coloured, everything else as it came. */
export function CodeBlock({ label, text, emptyText = 'Empty' }: Props) {
  if (text === '') return <p className={classes.empty}>{emptyText}</p>
  const pretty = prettyJson(text)
  return (
    <div className={classes.frame}>
      <div className={classes.copy}>
        <CopyButton value={text} label={`Copy ${label}`} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/useSemanticElements: white space counts here, which is what pre is for. */}
      <pre className={classes.code} tabIndex={0} aria-label={label} role="region">
        <code>
          {pretty.isJson
            ? jsonTokens(pretty.text).map((token, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other identity.
                <span key={index} className={classes[token.kind]}>
                  {token.text}
                </span>
              ))
            : text}
        </code>
      </pre>
    </div>
  )
}
