/** How long access lasts, in words. Pure. */

export type LengthUnit = 'minutes' | 'hours' | 'days'

export const unitSeconds: Readonly<Record<LengthUnit, number>> = {
  minutes: 60,
  hours: 3_600,
  days: 86_400,
}
export const lengthUnits = ['minutes', 'hours', 'days'] as const

/** The largest unit that counts these seconds without a rest; minutes when none does. */
export function inUnits(seconds: number): { count: number; unit: LengthUnit } {
  // 24 hours are what people call a day, but 36 are not a day and a half.
  const unit = (['days', 'hours'] as const).find((one) => seconds % unitSeconds[one] === 0) ?? 'minutes'
  return { count: Math.round((seconds / unitSeconds[unit]) * 100) / 100, unit }
}

/** `30 days`, `12 hours`, `1 hour`. */
export function lengthText(seconds: number): string {
  const { count, unit } = inUnits(seconds)
  return `${count.toLocaleString('en')} ${count === 1 ? unit.slice(0, -1) : unit}`
}

/** The same for access that may have no end. */
export function accessLengthText(seconds: number | null): string {
  return seconds === null ? 'Without an end' : lengthText(seconds)
}
