import type { AccessRequestSummary } from '@keyhook/contract/api/access-request.ts'
import { Pill } from '../ui/pill.tsx'
import { statusWords } from './request-words.ts'

export function RequestPill({ request }: { request: Pick<AccessRequestSummary, 'status' | 'extension'> }) {
  const { tone, label } = statusWords(request)
  return <Pill tone={tone}>{label}</Pill>
}
