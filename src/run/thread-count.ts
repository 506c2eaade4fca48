import { usersPlan } from '../load/users-plan.ts'
import type { LoadSpec } from '../scenario/scenario.ts'

/** What one thread sends with room to spare on a slow core (docs/benchmarks.md). */
const RATE_PER_THREAD = 20_000
const USERS_PER_THREAD = 32

/** How many threads send a load: what it says, or as many as its highest rate needs, a core left for the rest of us. */
export function threadCount(load: LoadSpec, cores: number): number {
  if (load.threads !== undefined) return load.threads
  const needed = load.users
    ? usersPlan(load.users).maxUsers / USERS_PER_THREAD
    : highestRate(load) / RATE_PER_THREAD
  return Math.max(1, Math.min(Math.ceil(needed), cores - 1))
}

const highestRate = ({ schedule }: LoadSpec): number =>
  Math.max(
    0,
    ...schedule.map((part) => {
      if (part.word === 'const') return part.ratePerSecond
      return part.word === 'line' ? Math.max(part.fromPerSecond, part.toPerSecond) : 0
    }),
  )
