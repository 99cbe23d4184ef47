/** How far back, and how long each point is, in milliseconds. */
export const statsWindows = {
  hour: { lengthMs: 3_600_000, pointMs: 60_000 },
  day: { lengthMs: 86_400_000, pointMs: 1_800_000 },
  week: { lengthMs: 604_800_000, pointMs: 10_800_000 },
} as const
export type StatsWindow = keyof typeof statsWindows

/** At most so many deliveries are counted, the newest ones. */
export const maxCountedDeliveries = 50_000
