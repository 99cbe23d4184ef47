import type { WebhookCreated, WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { Button, Modal, Select, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { actions } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { invalidate } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Notice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'
import classes from './webhook-signing.module.css'

const overlaps = [
  { value: '0', label: 'None: the old secret stops at once' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
]

/** How deliveries are signed, and the way to a new secret. */
export function WebhookSigning({ webhook }: { webhook: WebhookRead }) {
  const [opened, dialog] = useDisclosure(false)
  const { public_key, rotating_until } = webhook.signing
  return (
    <Card
      title="Signing"
      aside={
        <Button variant="default" size="xs" onClick={dialog.open}>
          Rotate secret…
        </Button>
      }
    >
      <Facts
        items={[
          ['Signatures', webhook.v1a_signature ? 'v1 (HMAC) and v1a (Ed25519)' : 'v1 (HMAC)'],
          ['Secret', 'Set; shown once when it is made'],
          ...(public_key ? [['Public key', <code key="key">{public_key}</code>] as const] : []),
          [
            'Rotation',
            rotating_until ? (
              <span key="until">
                The old secret signs too until <Time value={rotating_until} />
              </span>
            ) : (
              'None under way'
            ),
          ],
        ]}
      />
      <Modal opened={opened} onClose={dialog.close} title="Rotate the signing secret" size="lg">
        {opened && <RotateDialog webhook={webhook} close={dialog.close} />}
      </Modal>
    </Card>
  )
}

function RotateDialog({ webhook, close }: { webhook: WebhookRead; close: () => void }) {
  const [overlap, setOverlap] = useState('86400')
  const [made, setMade] = useState<WebhookCreated | null>(null)
  const rotating = useMutation({
    mutationFn: () => actions.signingSecretRotate(webhook.id, Number(overlap)),
    onSuccess: async (rotated) => {
      setMade(rotated)
      await invalidate('/webhooks')
    },
  })
  if (made) {
    return (
      <div className={classes.stack}>
        <TextInput
          label="New signing secret"
          description="Give it to the receiver. It is shown this once."
          value={made.signing_secret}
          readOnly
          classNames={{ input: classes.mono ?? '' }}
          rightSection={<CopyButton value={made.signing_secret} label="Copy signing secret" />}
          rightSectionWidth={40}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button onClick={close}>Done</Button>
      </div>
    )
  }
  return (
    <div className={classes.stack}>
      <p className={classes.lead}>
        A new secret is made and shown once. During the overlap every delivery is signed with both, so that
        the receiver can change over in between.
      </p>
      <Select
        label="Overlap"
        data={overlaps}
        value={overlap}
        allowDeselect={false}
        onChange={(value) => setOverlap(value ?? '86400')}
      />
      {rotating.isError && <Notice tone="bad">{sentenceOf(rotating.error)}</Notice>}
      <div className={classes.buttons}>
        <Button loading={rotating.isPending} onClick={() => rotating.mutate()}>
          Make a new secret
        </Button>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
      </div>
    </div>
  )
}
