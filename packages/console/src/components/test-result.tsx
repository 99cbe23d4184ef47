import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import { useEffect, useRef } from 'react'
import { pb } from '../path-builder.ts'
import { TextLink } from '../ui/links.tsx'
import { Exchange } from './exchange.tsx'
import { OutcomeBox } from './outcome-box.tsx'
import classes from './test-panel.module.css'
import { TimingBar } from './timing-bar.tsx'

/** Everything about one test; its outcome is brought into view. */
export function TestResult({ delivery }: { delivery: DeliveryRead }) {
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new delivery is brought into view.
  useEffect(() => {
    // In braces: newer browsers return a promise here, which is no clean-up function.
    void box.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  }, [delivery.id])
  const attempt = delivery.attempts.at(-1)
  return (
    <section className={classes.result} aria-label="Test result" aria-live="polite">
      <div ref={box}>
        <OutcomeBox delivery={delivery} />
      </div>
      {attempt && <TimingBar timings={attempt.timings} />}
      {attempt && <Exchange attempt={attempt} />}
      <div>
        <TextLink to={pb.delivery(delivery.id)} size="sm">
          Open this delivery
        </TextLink>
      </div>
    </section>
  )
}
