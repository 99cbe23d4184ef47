import type { Timings } from '@keyhook/contract/api/delivery.ts'
import { milliseconds } from '../ui/time.tsx'
import classes from './timing-bar.module.css'

type Phase = { readonly name: string; readonly ms: number; readonly key: string }

/** The phases that happened, and what is left of the total as reading the body. */
function phasesOf(timings: Timings): Phase[] {
  const measured: [string, string, number | null][] = [
    ['dns', 'DNS', timings.dns_ms],
    ['connect', 'Connect', timings.connect_ms],
    ['tls', 'TLS', timings.tls_ms],
    ['wait', 'First byte', timings.first_byte_ms],
  ]
  const phases = measured.flatMap(([key, name, ms]) => (ms === null ? [] : [{ key, name, ms }]))
  const rest = timings.total_ms - phases.reduce((sum, { ms }) => sum + ms, 0)
  return rest > 0
    ? [
        ...phases,
        { key: 'rest', name: timings.first_byte_ms === null ? 'Waiting' : 'Body and rest', ms: rest },
      ]
    : phases
}

/** Per cent of the total, at least one, so that every phase is seen. */
function share(ms: number, total: number): number {
  return total > 0 ? Math.max(1, (ms / total) * 100) : 1
}

/** How long each phase of one exchange took, as a bar with a legend that says it in numbers. */
export function TimingBar({ timings }: { timings: Timings }) {
  const phases = phasesOf(timings)
  return (
    <div>
      <div className={classes.bar} aria-hidden="true">
        {phases.map(({ key, ms }) => (
          <span key={key} data-phase={key} style={{ flexGrow: share(ms, timings.total_ms) }} />
        ))}
      </div>
      <ul className={classes.legend} aria-label="Times">
        {phases.map(({ key, name, ms }) => (
          <li key={key} data-phase={key}>
            {name} <b>{milliseconds(ms)}</b>
          </li>
        ))}
        <li className={classes.total}>
          Total <b>{milliseconds(timings.total_ms)}</b>
        </li>
      </ul>
    </div>
  )
}
