import type { UsersPart } from '../scenario/scenario.ts'

/** How many users there are when; pure. Users are numbered from 0, and the highest numbers stop first. */
export interface UsersPlan {
  readonly durationUs: number
  /** There are never more. */
  readonly maxUsers: number
  /** How many users are active at an instant after the start; user `index` is when the answer is above `index`. */
  usersAt(elapsedUs: number): number
}

interface PlacedPart extends UsersPart {
  readonly startUs: number
}

/**
 * The plan of some parts, one after another. Within a part the number is ⌊from + (to − from)·t/time⌋, so that it never
 * exceeds the line; from the end on there are none.
 */
export function usersPlan(parts: readonly UsersPart[]): UsersPlan {
  const placed: PlacedPart[] = []
  let durationUs = 0
  for (const part of parts) {
    placed.push({ ...part, startUs: durationUs })
    durationUs += part.durationUs
  }
  return {
    durationUs,
    maxUsers: Math.max(0, ...parts.flatMap(({ fromUsers, toUsers }) => [fromUsers, toUsers])),
    usersAt(elapsedUs) {
      if (elapsedUs < 0 || elapsedUs >= durationUs) return 0
      // A part without duration (`once`) is never the last that has begun: the next one begins with it.
      const part = placed.findLast(({ startUs }) => startUs <= elapsedUs)
      if (!part) return 0
      const { fromUsers, toUsers, startUs } = part
      return (
        fromUsers + Math.floor(((toUsers - fromUsers) * (elapsedUs - startUs)) / part.durationUs)
      )
    },
  }
}
