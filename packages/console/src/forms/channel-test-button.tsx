import { Button } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { sentenceOf } from '../api-error.ts'
import { noticeActions } from '../notice-api.ts'
import { toast, toastError } from '../ui/toast.ts'

type Props = { id: string; name: string; size?: 'sm' | 'compact-sm' }

/** Sends an example to a channel at once, and says what the chat answered. */
export function ChannelTestButton({ id, name, size = 'sm' }: Props) {
  const testing = useMutation({
    mutationFn: () => noticeActions.channelTest(id),
    onSuccess: ({ ok, detail }) => (ok ? toast(`An example is in ${name}.`) : toastError(detail)),
    onError: (error) => toastError(sentenceOf(error)),
  })
  return (
    <Button
      variant={size === 'sm' ? 'default' : 'subtle'}
      size={size}
      leftSection={size === 'sm' ? <IconSend size={16} /> : undefined}
      loading={testing.isPending}
      aria-label={`Send an example to ${name}`}
      onClick={() => testing.mutate()}
    >
      Test
    </Button>
  )
}
