import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'

/** Says what was done, and offers to take it back for as long as it is shown. */
export function toastUndo(message: string, undo: () => Promise<void>): void {
  const id = notifications.show({
    color: 'leaf',
    withBorder: true,
    autoClose: 10_000,
    message: (
      <>
        {message}{' '}
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            notifications.hide(id)
            void undo()
          }}
        >
          Undo
        </Button>
      </>
    ),
  })
}
