import { Fragment } from 'react'

/** Plain text in which `backticks` mark code. */
export function Prose({ text }: { text: string }) {
  return text.split('`').map((part, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other identity.
    return index % 2 === 1 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>
  })
}
