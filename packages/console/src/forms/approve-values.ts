/** An approval as the form holds it: all that was asked for, or less. Pure. */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { Approval } from '../access-api.ts'
import { accessLengthText } from '../components/access-length.ts'

export type ApprovalValues = { permission_ids: string[]; length: string; comment: string }

type Asked = Pick<AccessRequestRead, 'permissions' | 'access_length_seconds'>

const hour = 3_600
const day = 24 * hour
const lengths = [hour, 8 * hour, day, 7 * day, 30 * day, 90 * day, 180 * day, 365 * day]

const asAsked = ''

/** As it was asked for, and what is shorter. */
export function shorterLengths(asked: number | null): { value: string; label: string }[] {
  const shorter = lengths.filter((seconds) => asked === null || seconds < asked)
  return [
    { value: asAsked, label: `As asked: ${accessLengthText(asked).toLowerCase()}` },
    ...shorter.reverse().map((seconds) => ({ value: String(seconds), label: accessLengthText(seconds) })),
  ]
}

export function approvalStart({ permissions }: Asked): ApprovalValues {
  return { permission_ids: permissions.map(({ id }) => id), length: asAsked, comment: '' }
}

/** Only what differs from what was asked for is said. */
export function approvalOf({ permissions }: Asked, values: ApprovalValues): Approval {
  const comment = values.comment.trim()
  return {
    ...(comment === '' ? {} : { comment }),
    ...(values.permission_ids.length === permissions.length ? {} : { permission_ids: values.permission_ids }),
    ...(values.length === asAsked ? {} : { access_length_seconds: Number(values.length) }),
  }
}
