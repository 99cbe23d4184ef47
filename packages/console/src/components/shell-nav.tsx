import {
  type Icon,
  IconBook2,
  IconFlask2,
  IconKey,
  IconListDetails,
  IconPlugConnected,
  IconSend,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { pb, serverPages } from '../path-builder.ts'
import { Account } from './account.tsx'
import classes from './shell-nav.module.css'

const pages: readonly { to: string; label: string; Icon: Icon }[] = [
  { to: pb.webhooks(), label: 'Webhooks', Icon: IconPlugConnected },
  { to: pb.deliveries(), label: 'Deliveries', Icon: IconSend },
  { to: pb.sandbox(), label: 'Sandbox', Icon: IconFlask2 },
  { to: pb.apiKeys(), label: 'API keys', Icon: IconKey },
]

const documents: readonly { href: string; label: string; Icon: Icon }[] = [
  { href: serverPages.protocol, label: 'Receiver guide', Icon: IconBook2 },
  { href: serverPages.apiDocs, label: 'API reference', Icon: IconListDetails },
]

/** The site's pages, the documentation, and the account. */
export function ShellNav() {
  return (
    <div className={classes.column}>
      <nav aria-label="Pages">
        <ul className={classes.list}>
          {pages.map(({ to, label, Icon }) => (
            <li key={to}>
              <Link
                to={to}
                className={classes.item ?? ''}
                activeProps={{ 'data-active': true }}
                search={{}}
                activeOptions={{ includeSearch: false }}
              >
                <Icon size={18} stroke={1.7} aria-hidden="true" />
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <nav aria-label="Documentation" className={classes.documents}>
        <ul className={classes.list}>
          {documents.map(({ href, label, Icon }) => (
            <li key={href}>
              <a href={href} className={classes.item}>
                <Icon size={18} stroke={1.7} aria-hidden="true" />
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Account />
    </div>
  )
}
