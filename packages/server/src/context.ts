import type { Config } from './config.ts'
import type { OpenDatabase } from './db/open.ts'
import type { ProcessLease } from './db/process-lease.ts'
import type { Egress } from './egress/egress.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import type { Metrics } from './lib/metrics.ts'
import type { SecretBox } from './lib/secret-box.ts'

/** Everything that the server's parts need, built once by `startService`; tests override parts of it. */
export type Context = {
  readonly config: Config
  readonly db: OpenDatabase['db']
  readonly databaseKind: OpenDatabase['kind']
  readonly database: Pick<OpenDatabase, 'diskFullAt'>
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
  readonly egress: Egress
  /** For URLs that people give for themselves: what the operator opened for webhooks stays closed to them. */
  readonly publicEgress: Egress
  readonly secretBox: SecretBox
  readonly lease: ProcessLease
  /** The address that people and receivers use, without a slash at the end. */
  readonly baseUrl: () => string
  /** Aborted when the server stops. */
  readonly shutdown: AbortSignal
}
