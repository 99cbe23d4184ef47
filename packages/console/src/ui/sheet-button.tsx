import { Button, type ButtonProps } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Sheet } from './sheet.tsx'

type Props = Omit<ButtonProps, 'children'> & {
  'aria-label'?: string
  label: string
  title: string
  lead: ReactNode
  /** What is in the dialog; `close` closes it. */
  children: (close: () => void) => ReactNode
}

/** A button that opens a dialog. */
export function SheetButton({ label, title, lead, children, ...button }: Props) {
  const [opened, setOpened] = useState(false)
  const close = () => setOpened(false)
  return (
    <>
      <Button {...button} onClick={() => setOpened(true)}>
        {label}
      </Button>
      <Sheet opened={opened} onClose={close} title={title} lead={lead}>
        {children(close)}
      </Sheet>
    </>
  )
}
