/** Who is asked about access in a review. Pure. */
import type { ReviewersSetting } from '@keyhook/contract/api/access-review.ts'
import { administrators } from '../apps/administrators.ts'

/** What is known of the people that a review may ask. */
export type ReviewerFacts = {
  /** Manager of each user, when there is one. */
  managers: ReadonlyMap<string, string>
  appAdmins: ReadonlyMap<string, readonly string[]>
  /** Some active users behind a user or group: two are enough to know whether one is there beside the person reviewed. */
  people: ReadonlyMap<string, readonly string[]>
}

export type Assignment = {
  principalIds: readonly string[]
  /** Why others are asked than the review says; null: they are not. */
  fallback: string | null
}

export type Reviewed = { userId: string; appId: string }

const whoWords = {
  manager: 'The manager',
  app_admins: 'The app admins',
  named: 'Those who were named',
} as const

/**
 * Nobody reviews their own access. Who is gone, inactive or the person themself gives way to the app admins, and these
 * to the administrators; the assignment says so.
 */
export function reviewersOf(
  setting: ReviewersSetting,
  { userId, appId }: Reviewed,
  facts: ReviewerFacts,
): Assignment {
  const can = (id: string) => facts.people.get(id)?.some((person) => person !== userId) === true
  const admins = facts.appAdmins.get(appId) ?? []
  const byAdmins = admins.some(can)
  const manager = facts.managers.get(userId)
  const wanted =
    setting.type === 'manager'
      ? manager === undefined
        ? []
        : [manager]
      : setting.type === 'app_admins'
        ? admins
        : setting.principal_ids
  const usable = [...new Set(wanted)].filter(can)
  if (setting.type === 'app_admins' && byAdmins) return { principalIds: [appId], fallback: null }
  if (setting.type !== 'app_admins' && usable.length > 0) return { principalIds: usable, fallback: null }
  const why = `${whoWords[setting.type]} cannot review it: ${reasonOf(setting, wanted, userId)}.`
  if (byAdmins) return { principalIds: [appId], fallback: `${why} The app admins are asked instead.` }
  return { principalIds: [administrators], fallback: `${why} The administrators are asked instead.` }
}

function reasonOf({ type }: ReviewersSetting, wanted: readonly string[], userId: string): string {
  if (wanted.length === 0) return type === 'manager' ? 'there is none' : 'there are none'
  if (wanted.every((id) => id === userId)) return 'it is their own access'
  return 'nobody of them is active, or it is their own access'
}
