import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api.ts'
import { load, query } from '../query.ts'
import { shortTime } from '../ui/time.tsx'
import { parsePayload } from './payload-text.ts'

type Props = {
  webhookId: string
  /** The text of the payload; null for the example. */
  onChoose: (text: string | null) => void
}

/** Starts the payload of a test from that of a past delivery. Nothing while there is none. */
export function PastPayloads({ webhookId, onChoose }: Props) {
  const page = useQuery(query(api.deliveryList({ webhook_id: webhookId, test: 'false', limit: 20 })))
  const deliveries = page.data?.value.data ?? []
  if (deliveries.length === 0) return null

  async function choose(id: string) {
    const { value } = await load(api.deliveryView(id))
    const { payload } = parsePayload(value.payload)
    onChoose(payload ? JSON.stringify(payload, null, 2) : value.payload)
  }
  return (
    <NativeSelect
      label="Start from"
      description="The example, or the payload of a past delivery. It is marked as a test all the same, and gets an id of its own."
      size="sm"
      data={[
        { value: '', label: 'The example of the type' },
        ...deliveries.map(({ id, created_at, status }) => ({
          value: id,
          label: `${shortTime(created_at)}, ${status.replace('_', ' ')}`,
        })),
      ]}
      onChange={(event) => {
        const id = event.currentTarget.value
        if (id === '') onChoose(null)
        else void choose(id)
      }}
    />
  )
}
