/** The catalogue of event types to choose from: every beginning that some share, then its types. Pure. */
import { eventTypes } from '@keyhook/contract/event-types.ts'

type Choice = { value: string; label: string }
type ChoiceGroup = { group: string; items: Choice[] }

const beginnings: Readonly<Record<string, string>> = {
  'APP_STORE_*': 'Requests and access',
  'ADMIN_*': 'Administration',
  'ACCESS_*': 'Access reviews and use',
  'AUTH_*': 'Sign-in and refused access',
  'DIRECTORY_*': 'People and groups',
  'OFFBOARDING_*': 'Offboarding',
  'KEYHOOK_*': 'Keyhook itself',
  'CUSTOM_*': 'Your own systems',
}

/** @param chosen what a webhook names may be of other systems; that is offered as well */
export function eventTypeChoices(chosen: readonly string[]): ChoiceGroup[] {
  const types = Object.entries(eventTypes).map(([value, label]) => ({ value, label }))
  const starts = (beginning: string, type: string) => type.startsWith(beginning.slice(0, -1))
  const groups = Object.entries(beginnings).map(([beginning, group]) => ({
    group,
    items: [
      { value: beginning, label: `${group}: all (${beginning})` },
      ...types.filter(({ value }) => starts(beginning, value)),
    ],
  }))
  const offered = new Set(groups.flatMap(({ items }) => items.map(({ value }) => value)))
  const others = types.filter(({ value }) => !offered.has(value))
  const known = new Set([...offered, ...others.map(({ value }) => value)])
  const own = chosen.filter((value) => !known.has(value)).map((value) => ({ value, label: value }))
  const rest = [...others, ...own]
  return rest.length === 0 ? groups : [...groups, { group: 'Others', items: rest }]
}
