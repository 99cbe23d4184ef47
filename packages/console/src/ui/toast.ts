import { notifications } from '@mantine/notifications'

export function toast(message: string): void {
  notifications.show({ message, color: 'leaf', withBorder: true, autoClose: 4_000 })
}

export function toastError(message: string): void {
  notifications.show({
    title: 'That did not work',
    message,
    color: 'ember',
    withBorder: true,
    autoClose: 10_000,
  })
}
