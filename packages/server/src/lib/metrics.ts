/** What Prometheus is told; see docs/operations.md. Labels have few values: a type, a status, at most the id of a webhook. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Log } from './log.ts'

export type Metrics = Registry

/** With the metrics of the process itself. */
export function createMetrics(): Metrics {
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  return metrics
}

export type GaugeParts = {
  /** `keyhook_…`, with its unit at the end. */
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
  /** Called for each scrape; what cannot be read is left out of the answer. */
  readonly read: () => Promise<
    readonly { readonly value: number; readonly labels?: Record<string, string> }[]
  >
}

/** Adds a number that is read when it is asked for. */
export function addGauge(
  { metrics, log }: { metrics: Metrics; log: Log },
  { name, help, labels = [], read }: GaugeParts,
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [metrics],
    async collect() {
      this.reset()
      try {
        for (const { value, labels = {} } of await read()) this.set(labels, value)
      } catch (error) {
        // A gauge without labels stands at 0 after a reset, which would be a lie.
        this.remove({})
        log.warn({ err: error, metric: name }, 'a metric could not be read')
      }
    },
  })
}
