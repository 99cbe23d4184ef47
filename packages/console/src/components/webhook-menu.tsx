import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { ActionIcon, Menu } from '@mantine/core'
import { IconCopy, IconDots, IconPencil, IconPower, IconTrash } from '@tabler/icons-react'
import { useWebhookActions } from './use-webhook-actions.tsx'

/** Everything that can be done to one webhook, in a row of the list. */
export function WebhookMenu({ webhook }: { webhook: WebhookRead }) {
  const { edit, duplicate, toggle, remove } = useWebhookActions(webhook)
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={`Actions for ${webhook.name}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={edit}>
          Edit
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={duplicate}>
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<IconPower size={16} />} onClick={toggle}>
          {webhook.enabled ? 'Disable' : 'Enable'}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item c="var(--bad)" leftSection={<IconTrash size={16} />} onClick={remove}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
