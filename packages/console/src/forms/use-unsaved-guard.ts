import { useBlocker } from '@tanstack/react-router'

/**
 * Asks before a page with unsaved changes is left, also by closing the tab.
 * @param isDirty asked at the moment of leaving, so that a save just before counts
 */
export function useUnsavedGuard(isDirty: () => boolean) {
  return useBlocker({
    shouldBlockFn: () => isDirty(),
    enableBeforeUnload: () => isDirty(),
    withResolver: true,
  })
}
