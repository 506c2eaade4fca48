import type { Expectation } from './expectations.ts'

/** Those with real servers in ten pods take much of two cores as they start, so they are kept apart from each other. */
export const inTurns = (all: readonly Expectation[]): Expectation[] => {
  const heavy = all.filter(({ needs }) => needs !== undefined)
  const light = all.filter(({ needs }) => needs === undefined)
  if (heavy.length === 0) return light
  const each = Math.ceil(light.length / Math.max(1, heavy.length))
  return heavy.flatMap((one, at) => [one, ...light.slice(at * each, (at + 1) * each)])
}
