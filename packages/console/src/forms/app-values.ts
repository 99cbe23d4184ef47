/** An app's settings as the form holds them, and the bodies that the API takes. Pure. */
import type { AppChange, AppRead } from '@keyhook/contract/api/app.ts'
import { type AttachedValues, attachedFields, attachedMember, attachedValuesOf } from './attached-values.ts'
import { type OptionalDuration, optionalDuration, optionalSeconds } from './duration-values.ts'
import { type StepRow, stepFields, stepRow, stepsMember } from './step-values.ts'

export type AppValues = {
  name: string
  app_id: string
  instance_id: string
  description: string
  icon: string
  category: string
  owner_id: string
  admins: string[]
  visibility: 'everyone' | 'some'
  visible_to: string[]
  request_for_others: boolean
  /** Lengths that may be asked for, in seconds; null in it: without an end. */
  access_lengths_seconds: (number | null)[]
  approvers: StepRow[]
  remind_after: OptionalDuration
  escalate_after: OptionalDuration
  inactivity: { on: boolean; after_days: number | ''; notice_days: number | '' }
  webhooks: AttachedValues
}

/** What a creation takes: without the readable names, the server makes them. */
export type AppBody = Omit<Required<AppChange>, 'app_id' | 'instance_id' | 'intake_fields'> & {
  app_id?: string
  instance_id?: string
}

export const appFields = [
  ...['name', 'app_id', 'instance_id', 'description', 'icon', 'category', 'owner_id', 'admins'],
  ...['visible_to', 'request_for_others', 'access_lengths_seconds', 'remind_after', 'escalate_after'],
  ...['inactivity.after_days', 'inactivity.notice_days'],
  ...stepFields,
  ...attachedFields,
]
export const appAliases = {
  remind_after_seconds: 'remind_after',
  escalate_after_seconds: 'escalate_after',
}

const day = 86_400

/** A new app: its admins approve, they are reminded after a day, and after three the app's admins may decide too. */
export function newAppValues(): AppValues {
  return {
    ...{ name: '', app_id: '', instance_id: '', description: '', icon: '', category: '', owner_id: '' },
    ...{ admins: [], visibility: 'everyone', visible_to: [], request_for_others: true },
    access_lengths_seconds: [],
    approvers: [stepRow({ type: 'app_admins', principal_ids: [], mode: 'any' })],
    remind_after: optionalDuration(day, day),
    escalate_after: optionalDuration(3 * day, 3 * day),
    inactivity: { on: false, after_days: 90, notice_days: 14 },
    webhooks: attachedValuesOf(null),
  }
}

export function savedAppValues(app: AppRead): AppValues {
  return {
    name: app.name,
    app_id: app.app_id,
    instance_id: app.instance_id,
    description: app.description ?? '',
    icon: app.icon ?? '',
    category: app.category ?? '',
    owner_id: app.owner_id ?? '',
    admins: app.admins,
    visibility: app.visible_to === null ? 'everyone' : 'some',
    visible_to: app.visible_to ?? [],
    request_for_others: app.request_for_others,
    access_lengths_seconds: app.access_lengths_seconds,
    approvers: app.approvers.map(stepRow),
    remind_after: optionalDuration(app.remind_after_seconds, day),
    escalate_after: optionalDuration(app.escalate_after_seconds, 3 * day),
    inactivity: { on: app.inactivity !== null, ...(app.inactivity ?? { after_days: 90, notice_days: 14 }) },
    webhooks: attachedValuesOf(app.webhooks),
  }
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text
}

/** The body of a creation and the merge patch of an edit: an emptied member is cleared. */
export function appMembers(values: AppValues): AppBody {
  const { inactivity } = values
  return {
    name: values.name,
    ...(values.app_id.trim() === '' ? {} : { app_id: values.app_id.trim() }),
    ...(values.instance_id.trim() === '' ? {} : { instance_id: values.instance_id.trim() }),
    description: orNull(values.description),
    icon: orNull(values.icon.trim()),
    category: orNull(values.category),
    owner_id: values.owner_id === '' ? null : values.owner_id,
    admins: values.admins,
    visible_to: values.visibility === 'everyone' ? null : values.visible_to,
    request_for_others: values.request_for_others,
    access_lengths_seconds: values.access_lengths_seconds,
    approvers: stepsMember(values.approvers),
    remind_after_seconds: optionalSeconds(values.remind_after),
    escalate_after_seconds: optionalSeconds(values.escalate_after),
    inactivity: inactivity.on
      ? { after_days: Number(inactivity.after_days), notice_days: Number(inactivity.notice_days) }
      : null,
    webhooks: attachedMember(values.webhooks),
  }
}

/** The merge patch of an edit. Whose the app is and which webhooks run is left to administrators. */
export function appChangeOf(values: AppValues, admin: boolean): Partial<AppBody> {
  const { webhooks, admins, owner_id, ...others } = appMembers(values)
  return admin ? { ...others, webhooks, admins, owner_id } : others
}
