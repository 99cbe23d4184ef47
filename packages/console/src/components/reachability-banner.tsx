import { useRouter } from '@tanstack/react-router'
import { useEffect, useSyncExternalStore } from 'react'
import { queryClient } from '../query.ts'
import { reachability, setReachable } from '../reachability.ts'
import classes from './reachability-banner.module.css'

const askAgainMs = 2_000

/** Says that the server is away, asks it until it is back, and then brings everything up to date. */
export function ReachabilityBanner() {
  const router = useRouter()
  const reachable = useSyncExternalStore(reachability.subscribe, reachability.get)
  useEffect(() => {
    if (reachable) return
    const timer = setInterval(() => {
      fetch('/healthz')
        .then(async (response) => {
          if (!response.ok) return
          setReachable(true)
          await queryClient.invalidateQueries()
          await router.invalidate()
        })
        .catch(() => {}) // Still away: the next turn asks again.
    }, askAgainMs)
    return () => clearInterval(timer)
  }, [reachable, router])

  if (reachable) return null
  return (
    <div className={classes.banner} role="alert">
      The Keyhook server cannot be reached. What you see may be old; this page goes on by itself when it is
      back.
    </div>
  )
}
