/** Epoch milliseconds. Injected, so that tests set the time instead of waiting for it. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()
