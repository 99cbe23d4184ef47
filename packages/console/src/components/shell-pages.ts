import type { MeRead } from '@keyhook/contract/api/access.ts'
import {
  type Icon,
  IconApps,
  IconBell,
  IconBook2,
  IconClipboardCheck,
  IconDoorExit,
  IconFlask2,
  IconHistory,
  IconInbox,
  IconKey,
  IconListDetails,
  IconLockAccess,
  IconMessageQuestion,
  IconMessages,
  IconPassword,
  IconPlugConnected,
  IconSearch,
  IconSend,
  IconTransfer,
  IconUser,
  IconUsersGroup,
} from '@tabler/icons-react'
import { pb, serverPages } from '../path-builder.ts'

/** Who finds a page in the menu. What one may read there, the server decides. */
type Level = 'person' | 'app_admin' | 'admin'

export type ShellPage = {
  readonly to: string
  readonly label: string
  readonly Icon: Icon
  readonly level: Level
}
export type ShellGroup = { readonly label: string; readonly pages: readonly ShellPage[] }

const groups: readonly ShellGroup[] = [
  {
    label: 'My work',
    pages: [
      { to: pb.catalogue(), label: 'Catalogue', Icon: IconSearch, level: 'person' },
      { to: pb.myAccess(), label: 'My access', Icon: IconKey, level: 'person' },
      { to: pb.myRequests(), label: 'My requests', Icon: IconMessageQuestion, level: 'person' },
      { to: pb.inbox(), label: 'For me', Icon: IconInbox, level: 'person' },
    ],
  },
  {
    label: 'Access',
    pages: [
      { to: pb.requests(), label: 'Requests', Icon: IconMessages, level: 'app_admin' },
      { to: pb.grants(), label: 'Who has access', Icon: IconLockAccess, level: 'app_admin' },
      { to: pb.apps(), label: 'Apps', Icon: IconApps, level: 'app_admin' },
      { to: pb.reviews(), label: 'Access reviews', Icon: IconClipboardCheck, level: 'admin' },
      { to: pb.offboardings(), label: 'Offboarding', Icon: IconDoorExit, level: 'admin' },
      { to: pb.users(), label: 'Users', Icon: IconUser, level: 'admin' },
      { to: pb.groups(), label: 'Groups', Icon: IconUsersGroup, level: 'admin' },
      { to: pb.events(), label: 'Activity log', Icon: IconHistory, level: 'admin' },
    ],
  },
  {
    label: 'Webhooks',
    pages: [
      { to: pb.webhooks(), label: 'Webhooks', Icon: IconPlugConnected, level: 'admin' },
      { to: pb.deliveries(), label: 'Deliveries', Icon: IconSend, level: 'admin' },
      { to: pb.sandbox(), label: 'Sandbox', Icon: IconFlask2, level: 'admin' },
    ],
  },
  {
    label: 'Settings',
    pages: [
      { to: pb.notices(), label: 'Notices', Icon: IconBell, level: 'admin' },
      { to: pb.apiKeys(), label: 'API keys', Icon: IconPassword, level: 'admin' },
      { to: pb.scimTokens(), label: 'SCIM tokens', Icon: IconTransfer, level: 'admin' },
    ],
  },
]

const documents: readonly { href: string; label: string; Icon: Icon }[] = [
  { href: serverPages.protocol, label: 'Receiver guide', Icon: IconBook2 },
  { href: serverPages.apiDocs, label: 'API reference', Icon: IconListDetails },
]

function finds({ role, app_admin_of }: MeRead, level: Level): boolean {
  if (role === 'admin' || level === 'person') return true
  return level === 'app_admin' && app_admin_of.length > 0
}

/** The menu for this person: groups with at least one page. */
export function shellGroups(me: MeRead): ShellGroup[] {
  return groups
    .map(({ label, pages }) => ({ label, pages: pages.filter(({ level }) => finds(me, level)) }))
    .filter(({ pages }) => pages.length > 0)
}

/** For those who write receivers and programs. */
export function shellDocuments({ role }: MeRead) {
  return role === 'admin' ? documents : []
}
