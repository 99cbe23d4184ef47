import { Button, Group, Modal, Text } from '@mantine/core'
import type { useUnsavedGuard } from './use-unsaved-guard.ts'

/** The question that `useUnsavedGuard` asks. */
export function UnsavedDialog({ guard }: { guard: ReturnType<typeof useUnsavedGuard> }) {
  return (
    <Modal opened={guard.status === 'blocked'} onClose={() => guard.reset?.()} title="Leave without saving?">
      <Text>What you changed on this page is lost when you leave.</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => guard.reset?.()} data-autofocus>
          Stay on this page
        </Button>
        <Button color="ember" onClick={() => guard.proceed?.()}>
          Leave
        </Button>
      </Group>
    </Modal>
  )
}
