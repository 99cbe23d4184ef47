import type { NoticeRead } from '@keyhook/contract/api/notice.ts'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { sentenceOf } from '../api-error.ts'
import { noticeActions } from '../notice-api.ts'
import { invalidate } from '../query.ts'
import { toast, toastError } from '../ui/toast.ts'

/** Sends a notice that failed once more. */
export function NoticeAgain({ notice }: { notice: NoticeRead }) {
  const sending = useMutation({
    mutationFn: () => noticeActions.sendAgain(notice.id),
    onSuccess: async () => {
      await invalidate('/notices')
      toast('It is sent again in a moment.')
    },
    onError: (error) => toastError(sentenceOf(error)),
  })
  if (notice.status !== 'failed') return null
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      loading={sending.isPending}
      aria-label={`Send again: ${notice.subject}`}
      onClick={() => sending.mutate()}
    >
      Send again
    </Button>
  )
}
