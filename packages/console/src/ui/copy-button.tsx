import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'

type Props = { value: string; label: string; onCopied?: () => void }

/** A small square button that copies `value`; its name says what. */
export function CopyButton({ value, label, onCopied }: Props) {
  const clipboard = useClipboard({ timeout: 1_500 })
  const said = clipboard.copied ? 'Copied' : label
  return (
    <Tooltip label={said} withArrow>
      <ActionIcon
        variant="default"
        size={28}
        aria-label={said}
        onClick={() => {
          clipboard.copy(value)
          onCopied?.()
        }}
      >
        {clipboard.copied ? <IconCheck size={15} color="var(--good)" /> : <IconCopy size={15} />}
      </ActionIcon>
    </Tooltip>
  )
}

/** The same as a button with words. */
export function CopyTextButton({ value, label }: Props) {
  const clipboard = useClipboard({ timeout: 1_500 })
  return (
    <Button
      variant="default"
      leftSection={clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
      onClick={() => clipboard.copy(value)}
    >
      {clipboard.copied ? 'Copied' : label}
    </Button>
  )
}
