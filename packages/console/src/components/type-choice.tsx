import { type WebhookType, webhookTypes, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { useRouter } from '@tanstack/react-router'
import { useId } from 'react'
import { Facts } from '../ui/facts.tsx'
import classes from './type-choice.module.css'
import { TypeIcon } from './type-icon.tsx'

function TypeCard({ type }: { type: WebhookType }) {
  const router = useRouter()
  const id = useId()
  const { label, runs, isSent, mustAnswer } = webhookTypeTable[type]
  const choose = () => router.navigate({ to: '.', search: (kept: object) => ({ ...kept, type }) })
  return (
    <button
      type="button"
      className={classes.card}
      aria-labelledby={`${id}-label`}
      aria-describedby={`${id}-about`}
      onClick={() => void choose()}
    >
      <span className={classes.head}>
        <span className={classes.icon}>
          <TypeIcon type={type} size={22} />
        </span>
        <span id={`${id}-label`} className={classes.label}>
          {label}
        </span>
      </span>
      <span id={`${id}-about`} className={classes.about}>
        <Facts
          items={[
            ['When it runs', runs],
            ['What it is sent', isSent],
            ['What it must answer', mustAnswer],
          ]}
        />
      </span>
    </button>
  )
}

/** Five cards, one for each webhook type. */
export function TypeChoice() {
  return (
    <div className={classes.cards}>
      {webhookTypes.map((type) => (
        <TypeCard key={type} type={type} />
      ))}
    </div>
  )
}
