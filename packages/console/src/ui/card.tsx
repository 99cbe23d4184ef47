import { Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import classes from './card.module.css'

type Props = { title?: string; aside?: ReactNode; children: ReactNode; flush?: boolean }

/** A surface with an optional heading; `flush` lets the content reach the edges. */
export function Card({ title, aside, children, flush = false }: Props) {
  const id = useId()
  return (
    <section className={classes.card} {...(title ? { 'aria-labelledby': id } : {})}>
      {title && (
        <div className={classes.head}>
          <Title order={2} id={id}>
            {title}
          </Title>
          {aside}
        </div>
      )}
      <div className={flush ? undefined : classes.body}>{children}</div>
    </section>
  )
}
