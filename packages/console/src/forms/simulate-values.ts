/** A made-up request as the form holds it, and the body that the API takes. Pure. */

import type { PrincipalRead } from '@keyhook/contract/api/access.ts'
import type { PersonRead } from '@keyhook/contract/api/access-parts.ts'
import type { AppRead, PermissionRead } from '@keyhook/contract/api/app.ts'
import type { SimulateBody } from '../app-api.ts'
import type { FieldErrors } from '../problem-errors.ts'
import { lengthSeconds, lengthStart, type RequestValues } from './request-values.ts'

export type SimulateValues = Pick<
  RequestValues,
  'permission_ids' | 'length' | 'custom_length' | 'business_justification' | 'answers'
> & { person: PersonRead | null; webhooks: SimulateBody['webhooks'] }

/** The one who looks at the page asks for the first permission. */
export function simulateStart(
  app: AppRead,
  permissions: readonly PermissionRead[],
  me: PrincipalRead,
): SimulateValues {
  return {
    person: me.kind === 'session' ? { id: me.id, name: me.name, email: me.email ?? '' } : null,
    permission_ids: permissions.slice(0, 1).map(({ id }) => id),
    ...lengthStart(app.access_lengths_seconds, undefined),
    business_justification: '',
    answers: {},
    webhooks: 'assume_yes',
  }
}

export function simulateProblems({ person, permission_ids }: SimulateValues): FieldErrors {
  return {
    ...(person ? {} : { person: 'Choose who asks.' }),
    ...(permission_ids.length > 0 ? {} : { permission_ids: 'Choose at least one.' }),
  }
}

/** Fields without an answer are left out, as if they had not been shown. */
export function simulateBody(values: SimulateValues): SimulateBody {
  const answers = Object.entries(values.answers).filter(([, answer]) => answer !== null && answer !== '')
  return {
    ...(values.person ? { requester_id: values.person.id, target_user_id: values.person.id } : {}),
    permission_ids: values.permission_ids,
    access_length_seconds: lengthSeconds(values),
    business_justification: values.business_justification,
    custom_fields: Object.fromEntries(answers),
    webhooks: values.webhooks,
  }
}
