import { isCountKnown } from '../load/is-count-known.ts'
import { schedule } from '../load/schedule.ts'
import { usersPlan } from '../load/users-plan.ts'
import type { PlanEntry } from '../recording/entry.ts'
import type { LoadSpec } from '../scenario/scenario.ts'

/** How long a load takes, and how many requests it will be where that can be known before. */
export function plannedLoad(
  load: LoadSpec,
): Pick<PlanEntry, 'plannedRequests' | 'plannedDurationUs'> {
  if (load.users) return { plannedDurationUs: usersPlan(load.users).durationUs }
  const { count, durationUs } = schedule(load.schedule)
  return { ...(isCountKnown(load) && { plannedRequests: count }), plannedDurationUs: durationUs }
}
