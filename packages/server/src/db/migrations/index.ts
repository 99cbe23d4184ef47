import { webhooksAndDeliveries } from './0001-webhooks-and-deliveries.ts'
import { signIn } from './0002-sign-in.ts'
import { settings } from './0003-settings.ts'
import { deliveryEngine } from './0004-delivery-engine.ts'
import { directoryAndEvents } from './0005-directory-and-events.ts'
import { access } from './0006-access.ts'
import { directory } from './0007-directory.ts'
import { reviews } from './0008-reviews.ts'
import { inactivity } from './0009-inactivity.ts'
import { notices } from './0010-notices.ts'
import { activityLog } from './0011-activity-log.ts'
import { scim } from './0012-scim.ts'
import { siemStreams } from './0013-siem-streams.ts'
import { savedSearches } from './0014-saved-searches.ts'
import { peopleSearch } from './0015-people-search.ts'
import { retries } from './0016-retries.ts'
import { callbackSecrets } from './0017-callback-secrets.ts'
import type { Migration } from './migration.ts'

/** Every step, in order. New ones go to the end. */
export const migrations: readonly Migration[] = [
  webhooksAndDeliveries,
  signIn,
  settings,
  deliveryEngine,
  directoryAndEvents,
  access,
  directory,
  reviews,
  inactivity,
  notices,
  activityLog,
  scim,
  siemStreams,
  savedSearches,
  peopleSearch,
  retries,
  callbackSecrets,
]
