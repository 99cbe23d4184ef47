import { readFileSync } from 'node:fs'

/** Resident memory of a process in MiB; NaN where the system does not tell (only Linux does). */
export function residentMiB(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes) / 1_024
  } catch {
    return Number.NaN
  }
}

/** Looks ten times a second until it is stopped; then tells the most it saw. */
export function watchMemory(pid: number): () => number {
  let most = residentMiB(pid)
  const timer = setInterval(() => {
    most = Math.max(most, residentMiB(pid))
  }, 100)
  return () => {
    clearInterval(timer)
    return Math.max(most, residentMiB(pid))
  }
}
