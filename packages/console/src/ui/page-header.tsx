import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './page-header.module.css'

type Props = {
  title: string
  lead?: ReactNode
  back?: ReactNode
  actions?: ReactNode
  badge?: ReactNode
  /** What the thing is recognised by, such as the icon of an app. */
  icon?: ReactNode
}

/** The top of every page: where one is, what it is about, what can be done. */
export function PageHeader({ title, lead, back, actions, badge, icon }: Props) {
  return (
    <header className={classes.header}>
      <title>{`${title} · Keyhook`}</title>
      <div className={classes.words}>
        {back && <div className={classes.back}>{back}</div>}
        <div className={classes.title}>
          <div className={classes.named}>
            {icon}
            <Title order={1}>{title}</Title>
          </div>
          {badge}
        </div>
        {lead && <div className={classes.lead}>{lead}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  )
}
