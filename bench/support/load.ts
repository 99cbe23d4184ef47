import { Pool, request } from 'undici'

export type Load = {
  /** Calls that were answered, per second. */
  readonly rate: number
  /** Milliseconds of each call, sorted. */
  readonly latencies: readonly number[]
}

export type Target = {
  url: string
  /** A function: another one for each call. */
  body: string | (() => string)
  headers?: Record<string, string>
  /** Whether an answer is what it should be. */
  check?: (text: string) => boolean
}

/** `callers` at a time POST to `target` for `seconds`. Throws at the first answer that is not 2xx. */
export async function callRepeatedly(target: Target, callers: number, seconds: number): Promise<Load> {
  const { origin, pathname } = new URL(target.url)
  const pool = new Pool(origin, { connections: callers })
  const latencies: number[] = []
  const began = performance.now()
  const ends = began + seconds * 1000
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < ends) {
        const start = performance.now()
        const answer = await pool.request({
          path: pathname,
          method: 'POST',
          headers: { 'content-type': 'application/json', ...target.headers },
          body: typeof target.body === 'string' ? target.body : target.body(),
        })
        const text = await answer.body.text()
        if (answer.statusCode >= 300) throw new Error(`${target.url} answered ${answer.statusCode}: ${text}`)
        if (target.check && !target.check(text)) throw new Error(`${target.url} answered: ${text}`)
        latencies.push(performance.now() - start)
      }
    }),
  )
  const rate = (latencies.length / (performance.now() - began)) * 1000
  await pool.close()
  return { rate, latencies: latencies.sort((a, b) => a - b) }
}

/** The value below which a share `p` (0 to 1) of sorted values lies. */
export function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN
}

/** The median of `count` readings one after the other, in milliseconds. Throws when one is not answered 200. */
export async function medianGet(
  { url, headers }: { url: string; headers: Readonly<Record<string, string>> },
  count: number,
): Promise<number> {
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const began = performance.now()
    const answer = await request(url, { headers })
    if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`)
    await answer.body.arrayBuffer()
    times.push(performance.now() - began)
  }
  return percentile(
    times.sort((a, b) => a - b),
    0.5,
  )
}
