import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { Notice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'

const warnDays = 30

/** Whole days until a time; negative when it is over. */
function daysUntil(time: string): number {
  return Math.floor((Date.parse(time) - Date.now()) / 86_400_000)
}

function Expiry({ what, at }: { what: string; at: string }) {
  const days = daysUntil(at)
  if (days >= warnDays) return null
  return (
    <Notice tone={days < 0 ? 'bad' : 'warn'}>
      {what} {days < 0 ? 'has expired' : `expires in ${days === 1 ? '1 day' : `${days} days`}`},{' '}
      <Time value={at} />. Replace it under Edit.
    </Notice>
  )
}

/** What about a webhook needs attention soon. */
export function WebhookWarnings({ webhook }: { webhook: WebhookRead }) {
  const { client_certificate, certificate_authority, signing } = webhook
  return (
    <>
      {client_certificate && <Expiry what="The client certificate" at={client_certificate.expires_at} />}
      {certificate_authority?.authorities.map(({ subject, expires_at, fingerprint_sha256 }) => (
        <Expiry key={fingerprint_sha256} what={`The certificate authority ${subject}`} at={expires_at} />
      ))}
      {signing.rotating_until && (
        <Notice tone="info">
          The signing secret is being rotated: until <Time value={signing.rotating_until} /> the old one signs
          too. Give the receiver the new one before then.
        </Notice>
      )}
    </>
  )
}
