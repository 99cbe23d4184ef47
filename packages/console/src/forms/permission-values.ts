/** A permission as the form holds it, and the body that the API takes. Pure. */
import type { PermissionSource } from '@keyhook/contract/access-words.ts'
import type { PermissionChange, PermissionRead } from '@keyhook/contract/api/app.ts'
import { type AttachedValues, attachedFields, attachedMember, attachedValuesOf } from './attached-values.ts'
import { newStepRow, type StepRow, stepFields, stepRow, stepsMember } from './step-values.ts'

export type PermissionValues = {
  label: string
  value: string
  source: PermissionSource
  description: string
  /** Its own approval chain instead of that of the app. */
  own_chain: boolean
  approvers: StepRow[]
  webhooks: AttachedValues
}

export type PermissionBody = Omit<Required<PermissionChange>, 'value'> & { value?: string }

export const permissionFields = [
  ...['label', 'value', 'source', 'description'],
  ...stepFields,
  ...attachedFields,
]

export function permissionValuesOf(permission: PermissionRead | null): PermissionValues {
  return {
    label: permission?.label ?? '',
    value: permission?.value ?? '',
    source: permission?.source ?? 'MANUAL',
    description: permission?.description ?? '',
    own_chain: permission ? permission.approvers !== null : false,
    approvers: permission?.approvers?.map(stepRow) ?? [newStepRow()],
    webhooks: attachedValuesOf(permission?.webhooks ?? null),
  }
}

/** An emptied value is the label, as when it was never given. */
export function permissionMembers(values: PermissionValues): PermissionBody {
  const value = values.value.trim() === '' ? values.label : values.value
  return {
    label: values.label,
    ...(value.trim() === '' ? {} : { value }),
    source: values.source,
    description: values.description.trim() === '' ? null : values.description,
    approvers: values.own_chain ? stepsMember(values.approvers) : null,
    webhooks: attachedMember(values.webhooks),
  }
}

/** The merge patch of an edit. Who may not attach webhooks leaves them as they are. */
export function permissionChangeOf(values: PermissionValues, mayAttach: boolean): Partial<PermissionBody> {
  const { webhooks, ...others } = permissionMembers(values)
  return mayAttach ? { ...others, webhooks } : others
}
