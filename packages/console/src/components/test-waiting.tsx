import { Button, Progress } from '@mantine/core'
import { useEffect, useState } from 'react'
import classes from './test-panel.module.css'

type Props = { timeLimitSeconds: number; onCancel: () => void }

/** Shows how much of the time limit has gone while the answer is awaited. */
export function TestWaiting({ timeLimitSeconds, onCancel }: Props) {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const started = performance.now()
    const timer = setInterval(() => setSeconds((performance.now() - started) / 1_000), 200)
    return () => clearInterval(timer)
  }, [])
  const shown = Math.min(Math.floor(seconds), timeLimitSeconds)
  return (
    <div className={classes.waiting}>
      <div className={classes.waitingLine}>
        <span role="status">Waiting for the answer</span>
        <span aria-hidden="true">
          {shown} s of {timeLimitSeconds} s
        </span>
        <Button variant="default" size="compact-sm" onClick={onCancel}>
          Cancel test
        </Button>
      </div>
      <Progress
        value={Math.min(100, (seconds / timeLimitSeconds) * 100)}
        transitionDuration={200}
        aria-label="Time limit used"
      />
    </div>
  )
}
