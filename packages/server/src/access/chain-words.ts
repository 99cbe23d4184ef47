/** Words of the picture of a chain. Pure. */
import { intakeFieldLabels } from '@keyhook/contract/access-words.ts'
import type { ApprovalStep, IntakeField } from '@keyhook/contract/api/app.ts'

const units = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
] as const

/** `30 days`, `36 hours`, `1 hour`: in the largest unit that counts it without a rest. */
export function lengthText(seconds: number): string {
  const [size, unit] = units.find(([one]) => seconds % one === 0) ?? [1, 'second']
  const count = seconds / size
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`
}

export function accessLengthText(seconds: number | null): string {
  return seconds === null ? 'without an end' : lengthText(seconds)
}

/** How many of a list are named. */
const most = 8

/** `A`, `A and B`, `A, B and 3 more`. */
export function listed(names: readonly string[], joiner: 'and' | 'or' = 'and'): string {
  const shown = names.length > most ? [...names.slice(0, most), `${names.length - most} more`] : [...names]
  const last = shown.pop() ?? ''
  return shown.length === 0 ? last : `${shown.join(', ')} ${joiner} ${last}`
}

/** An intake field in a sentence or two. */
export function fieldText({ type, required, shown_when, check }: IntakeField): string {
  return [
    `${intakeFieldLabels[type]}${required ? ', required' : ''}.`,
    ...(shown_when === null ? [] : [`Asked for when \`${shown_when}\`.`]),
    ...(check === null ? [] : [`Checked: \`${check.condition}\`.`]),
  ].join(' ')
}

/** Reminders and escalation; empty when there is neither. */
export function timesText(remindAfter: number | null, escalateAfter: number | null): string {
  const parts = [
    ...(remindAfter === null ? [] : [`Approvers are reminded after ${lengthText(remindAfter)}.`]),
    ...(escalateAfter === null
      ? []
      : [`After ${lengthText(escalateAfter)} the app admins may decide as well.`]),
  ]
  return parts.join(' ')
}

/** Who decides in a step; `names` of those whom it is about. */
export function stepText({ type, mode }: ApprovalStep, names: readonly string[]): string {
  if (type === 'manager') return 'The manager of the person.'
  const who = type === 'app_admins' ? `The app admins: ${listed(names)}` : listed(names)
  if (names.length < 2) return `${type === 'app_admins' && names.length === 0 ? 'The app admins' : who}.`
  return mode === 'all' ? `${who}; all of them must approve.` : `${who}; one of them is enough.`
}
