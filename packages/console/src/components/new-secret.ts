/**
 * Signing secrets of webhooks saved in this tab, so that the webhook's page can show one once more after
 * saving. In memory only: a reload forgets them.
 */
const secrets = new Map<string, string>()

export function rememberSecret(webhookId: string, secret: string): void {
  secrets.set(webhookId, secret)
}

export function newSecretOf(webhookId: string): string | undefined {
  return secrets.get(webhookId)
}

export function forgetSecret(webhookId: string): void {
  secrets.delete(webhookId)
}
