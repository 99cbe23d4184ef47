import { type ReactNode, useState } from 'react'

type Props = {
  summary: ReactNode
  children: ReactNode
  className?: string | undefined
  /** Opens it, for instance because something inside is wrong. It stays open until the reader closes it. */
  forceOpen: boolean
}

/** Content that is folded away until the reader, or the page, has a reason to show it. */
export function Fold({ summary, children, className, forceOpen }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <details
      className={className}
      open={open || forceOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{summary}</summary>
      {children}
    </details>
  )
}
