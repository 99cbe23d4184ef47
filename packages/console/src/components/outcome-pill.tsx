import type { DeliverySummary } from '@keyhook/contract/api/delivery.ts'
import { Pill } from '../ui/pill.tsx'
import { outcomeWords } from './outcome-words.ts'

type Props = { delivery: Pick<DeliverySummary, 'status' | 'outcome' | 'webhook_type'> }

export function OutcomePill({ delivery }: Props) {
  const { tone, words } = outcomeWords(delivery)
  return <Pill tone={tone}>{words}</Pill>
}
