/** Addresses of chats, sealed: who has one can post there. */
import type { SecretBox } from '../lib/secret-box.ts'

export const channelUrlPlace = (id: string) => `notice_channels/${id}/url`
export const chatUrlPlace = (userId: string) => `notice_preferences/${userId}/chat_url`

/** Of a one-time link that is mailed to a user. */
export const linkPlace = (userId: string) => `notices/${userId}/link`

export function openChannelUrl(
  box: SecretBox,
  { id, sealed_url }: { id: string; sealed_url: Uint8Array },
): string {
  return Buffer.from(box.open(channelUrlPlace(id), sealed_url)).toString()
}

export function openChatUrl(box: SecretBox, userId: string, sealed: Uint8Array): string {
  return Buffer.from(box.open(chatUrlPlace(userId), sealed)).toString()
}
