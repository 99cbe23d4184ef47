import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Logo } from '../ui/logo.tsx'
import { ReachabilityBanner } from './reachability-banner.tsx'
import classes from './sign-page.module.css'

type Props = { title: string; lead?: ReactNode; children: ReactNode }

/** The frame of the two pages that one sees before being signed in. */
export function SignPage({ title, lead, children }: Props) {
  return (
    <>
      <ReachabilityBanner />
      <main id="main" tabIndex={-1} className={classes.page}>
        <title>{`${title} · Keyhook`}</title>
        <div className={classes.brand}>
          <Logo size={40} />
          <span>Keyhook</span>
        </div>
        <div className={classes.card}>
          <Title order={1}>{title}</Title>
          {lead && <p className={classes.lead}>{lead}</p>}
          <div className={classes.body}>{children}</div>
        </div>
        <p className={classes.foot}>Inline webhooks for access governance</p>
      </main>
    </>
  )
}
