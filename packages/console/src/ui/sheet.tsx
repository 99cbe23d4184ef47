import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './sheet.module.css'

type Props = {
  opened: boolean
  onClose: () => void
  title: string
  lead?: ReactNode
  children: ReactNode
  size?: 'md' | 'lg'
}

/** A dialog that comes from the bottom edge of a phone, where thumbs are. Its content is made anew each time. */
export function Sheet({ opened, onClose, title, lead, children, size = 'md' }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      keepMounted={false}
      classNames={{ inner: classes.inner ?? '', content: classes.content ?? '' }}
    >
      {lead && <div className={classes.lead}>{lead}</div>}
      {children}
    </Modal>
  )
}
