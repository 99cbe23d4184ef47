/** Entries of the activity log, in words. Pure. */
import type { EventRead } from '@keyhook/contract/api/event.ts'
import { pb } from '../path-builder.ts'

type Logged = EventRead['event']
export type Target = Logged['targets'][number]
export type Change = { readonly name: string; readonly before: unknown; readonly after: unknown }

const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '')

function nameIn(data: Record<string, unknown>): string {
  const names = [data.given_name, data.family_name].map(textOf).filter((part) => part !== '')
  return names.join(' ') || textOf(data.name) || textOf(data.label) || textOf(data.email)
}

const kinds: Readonly<Record<string, string>> = {
  API_KEY: 'API key',
  SCIM: 'SCIM',
  SYSTEM: 'Keyhook',
  USER: '',
}

/** Who did it: `Ada Lovelace`, `ci (API key)`, `Keyhook`. */
export function actorWords({ actor }: Pick<Logged, 'actor'>): string {
  const name = nameIn(actor.actor_data)
  const kind = kinds[actor.actor_type] ?? actor.actor_type
  if (name === '') return kind || 'Somebody'
  return kind === '' || kind === 'Keyhook' ? name : `${name} (${kind})`
}

/** The page of who did it, when there is one. */
export function actorPath({ actor }: Pick<Logged, 'actor'>): string | null {
  const id = textOf(actor.actor_data.id)
  return id.startsWith('usr_') ? pb.user(id) : null
}

/** `PRE_APPROVAL_RULE` is a pre approval rule. */
export function targetKind({ target_type }: Target): string {
  const words = target_type.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function targetWords(target: Target): string {
  return nameIn(target.target_data) || targetKind(target)
}

/** What it is about, in a line: the names in it, without the request, which others of them name better. */
export function aboutWords({ targets }: Pick<Logged, 'targets'>): string {
  const others = targets.filter(({ target_type }) => target_type !== 'ACCESS_REQUEST')
  return others
    .map(({ target_data }) => nameIn(target_data))
    .filter((name) => name !== '')
    .join(', ')
}

const paths: readonly (readonly [prefix: string, path: (id: string) => string])[] = [
  ['req_', pb.request],
  ['app_', pb.app],
  ['usr_', pb.user],
  ['grp_', pb.group],
  ['wh_', pb.webhook],
  ['dlv_', pb.delivery],
  ['tsk_', pb.task],
  ['rvw_', pb.review],
  ['off_', pb.offboarding],
]

/** The page of what it is about, when there is one. */
export function targetPath({ target_data }: Target): string | null {
  const id = textOf(target_data.id)
  return paths.find(([prefix]) => id.startsWith(prefix))?.[1](id) ?? null
}

/** Pages that the details name by an id: a delivery, a webhook, and so on, each once. */
export function linksOf({ event_metadata }: Pick<Logged, 'event_metadata'>): [words: string, path: string][] {
  return Object.entries(event_metadata).flatMap(([name, value]) => {
    const id = textOf(value)
    const path = paths.find(([prefix]) => id.startsWith(prefix))?.[1](id)
    if (path === undefined) return []
    const words = name.replace(/_id$/, '').replaceAll('_', ' ')
    return [[words.charAt(0).toUpperCase() + words.slice(1), path] as [string, string]]
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What changed, member by member, when the entry says so. */
export function changesOf({ event_metadata: { before, after } }: Pick<Logged, 'event_metadata'>): Change[] {
  const old = isRecord(before) ? before : {}
  const now = isRecord(after) ? after : {}
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].map((name) => ({
    name,
    before: old[name],
    after: now[name],
  }))
}

/** What else it says, without what is null. */
export function detailsOf({ event_metadata }: Pick<Logged, 'event_metadata'>): Record<string, unknown> {
  const { before: _before, after: _after, ...others } = event_metadata
  return Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null))
}

/** A member's value in one line of text; empty when there is none. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  return JSON.stringify(value)
}
