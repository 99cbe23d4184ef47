import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { CatalogueEntry } from '@keyhook/contract/api/app.ts'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { accessActions } from '../access-api.ts'
import { invalidate } from '../query.ts'
import { checkBodyOf, isConditional, type RequestValues, requestBodyOf } from './request-values.ts'

/** How long one look waits for the next step; a step is then shown at once, and the server is not asked in a hurry. */
const lookSeconds = 1

const isChecked = ({ status }: AccessRequestRead) => status !== 'validating' && status !== 'pre_approving'

/**
 * Sends a request and waits until its checks have answered. It is not created and waited for in one call: whoever loses
 * the connection then has a request all the same, and it is found in their list.
 */
export function useRequestSending(entry: CatalogueEntry) {
  const [request, setRequest] = useState<AccessRequestRead | null>(null)
  const leaving = useRef<AbortController | null>(null)
  useEffect(() => () => leaving.current?.abort(), [])

  const sending = useMutation({
    mutationFn: async (values: RequestValues) => {
      leaving.current = new AbortController()
      const { signal } = leaving.current
      setRequest(null)
      // Which fields are asked for has to be right for just these answers.
      const { shown } = isConditional(entry.intake_fields)
        ? await accessActions.requestCheck(entry.id, checkBodyOf(values), signal)
        : { shown: null }
      let current = await accessActions.requestCreate(requestBodyOf(entry, values, shown))
      void invalidate('/access-requests')
      void invalidate('/catalogue')
      while (!isChecked(current)) {
        setRequest(current)
        current = await accessActions.requestWait(current.id, lookSeconds, signal)
      }
      return current
    },
    onSettled: () => void invalidate('/access-requests'),
  })

  return { request, ...sending }
}
