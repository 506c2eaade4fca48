import type { HostEntry } from '../../recording/entry.ts'

/** The highest of what was measured; undefined where nothing was. */
export const highest = (
  host: readonly HostEntry[],
  of: (entry: HostEntry) => number | undefined,
): number | undefined =>
  host.reduce<number | undefined>((most, entry) => {
    const value = of(entry)
    return value === undefined ? most : Math.max(most ?? value, value)
  }, undefined)

/** A part of a whole, where both were measured. */
export const shareOf = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || whole === undefined || whole === 0 ? undefined : part / whole
