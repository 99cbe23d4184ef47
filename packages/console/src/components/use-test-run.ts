import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import { useEffect, useRef, useState } from 'react'
import type { Payload } from '../api.ts'
import { isAbort } from '../api-error.ts'
import { invalidate } from '../query.ts'

type Send = (payload: Payload | undefined, signal: AbortSignal) => Promise<DeliveryRead>
type State = { phase: 'idle' | 'running' | 'cancelled'; delivery: DeliveryRead | null }

/** One test at a time, which can be cancelled: the state that the test panel shows. */
export function useTestRun(send: Send) {
  const controller = useRef<AbortController | null>(null)
  const [state, setState] = useState<State>({ phase: 'idle', delivery: null })
  useEffect(() => () => controller.current?.abort(), [])

  async function run(payload: Payload | undefined, onRefused: (error: unknown) => void) {
    const own = new AbortController()
    controller.current = own
    setState({ phase: 'running', delivery: null })
    try {
      setState({ phase: 'idle', delivery: await send(payload, own.signal) })
    } catch (error) {
      setState({ phase: isAbort(error) ? 'cancelled' : 'idle', delivery: null })
      if (!isAbort(error)) onRefused(error)
    }
    void invalidate('/deliveries')
    void invalidate('/webhooks')
  }

  return {
    isUntouched: state.phase === 'idle' && state.delivery === null,
    isRunning: state.phase === 'running',
    wasCancelled: state.phase === 'cancelled',
    delivery: state.delivery,
    start: (payload: Payload | undefined, onRefused: (error: unknown) => void) =>
      void run(payload, onRefused),
    cancel: () => controller.current?.abort(),
  }
}
