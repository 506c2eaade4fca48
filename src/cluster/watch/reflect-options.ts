import type { Random } from '../../base/random.ts'
import type { ApiClient } from '../api-client.ts'
import type { ChangeType } from '../cluster-change.ts'
import type { Arrival, Gap } from './blindness.ts'
import type { RawObject } from './raw-object.ts'

/** What is watched, and who is told. */
export interface ReflectOptions<Raw extends RawObject, Facts> {
  readonly client: ApiClient
  /** Of the collection, such as `/api/v1/namespaces/shop/pods`. */
  readonly path: string
  /** Label and field selectors. */
  readonly query?: Readonly<Record<string, string>>
  /** What is kept of an object, so that ten thousand of them are small. */
  readonly project: (raw: Raw) => Facts
  readonly nowUs: () => number
  readonly random: Random
  readonly signal: AbortSignal
  readonly onChange: (change: ChangeType, facts: Facts, at: Arrival) => void
  readonly onGap: (gap: Gap) => void
  /** Told when a gap begins. */
  readonly onBlind?: (why: string) => void
  /** For tests: how to wait, and how long a silent connection is believed in. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
  readonly inactivityMs?: number
}
