import { Burger } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconInbox } from '@tabler/icons-react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { type MouseEvent, useEffect } from 'react'
import { api } from '../api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Logo } from '../ui/logo.tsx'
import { InboxBadge } from './inbox-badge.tsx'
import { ReachabilityBanner } from './reachability-banner.tsx'
import classes from './shell.module.css'
import { ShellNav } from './shell-nav.tsx'

function TryItLine() {
  const { profile } = useRead(api.serverView())
  if (profile !== 'try_it') return null
  return (
    <p className={classes.quiet}>
      Try-it profile: only this machine can reach Keyhook, so http and loopback endpoint URLs are allowed.
    </p>
  )
}

/** Without leaving `#main` in the address, which is the state of the page. */
function skipToMain(event: MouseEvent): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

/** What surrounds every page of a person who is signed in. */
export function Shell() {
  const [opened, menu] = useDisclosure(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes when the page changes.
  useEffect(() => menu.close(), [path])

  return (
    <div className={classes.shell}>
      {/* biome-ignore lint/a11y/useValidAnchor: it does lead to a place on this page. */}
      <a className={classes.skip} href="#main" onClick={skipToMain}>
        Skip to content
      </a>
      <header className={classes.top}>
        <Link to={pb.home()} className={classes.brand ?? ''}>
          <Logo />
          Keyhook
        </Link>
        <Link to={pb.inbox()} className={classes.inbox ?? ''}>
          <IconInbox size={22} stroke={1.7} aria-hidden="true" />
          <span className={classes.hidden}>For me</span>
          <InboxBadge />
        </Link>
        <Burger
          className={classes.burger ?? ''}
          opened={opened}
          onClick={menu.toggle}
          size="sm"
          aria-label={opened ? 'Close the menu' : 'Open the menu'}
          aria-expanded={opened}
          aria-controls="menu"
        />
      </header>
      <div className={classes.side} id="menu" data-opened={opened || undefined}>
        <ShellNav />
      </div>
      <div className={classes.content}>
        <ReachabilityBanner />
        <main id="main" tabIndex={-1} className={classes.main}>
          <Outlet />
        </main>
        <footer className={classes.footer}>
          <TryItLine />
        </footer>
      </div>
    </div>
  )
}
