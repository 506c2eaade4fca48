import type { DeploymentSpec } from '../../api/kinds/deployment.ts'

/** How far a rollout may go above and below the desired number of pods. */
export interface RollingBounds {
  readonly desired: number
  readonly maxSurge: number
  readonly maxUnavailable: number
}

/** maxSurge rounds up, maxUnavailable down, and both 0 means one unavailable (k8s-mechanics 4.1). */
export function rollingBounds(spec: DeploymentSpec): RollingBounds {
  const desired = spec.replicas ?? 1
  if (spec.strategy?.type === 'Recreate') return { desired, maxSurge: 0, maxUnavailable: 0 }
  const rolling = spec.strategy?.rollingUpdate ?? {}
  const maxSurge = resolve(rolling.maxSurge ?? '25%', desired, Math.ceil)
  const maxUnavailable = resolve(rolling.maxUnavailable ?? '25%', desired, Math.floor)
  const neither = maxSurge === 0 && maxUnavailable === 0
  return {
    desired,
    maxSurge,
    maxUnavailable: Math.min(desired, neither ? 1 : maxUnavailable),
  }
}

function resolve(value: number | string, total: number, round: (share: number) => number): number {
  if (typeof value === 'number') return value
  return round((Number.parseInt(value) * total) / 100)
}

/** The numbers of a ReplicaSet that a rollout decides on. */
export interface RolloutMember {
  readonly name: string
  /** `spec.replicas` */
  readonly replicas: number
  readonly availableReplicas: number
}

const total = (members: readonly RolloutMember[]): number =>
  members.reduce((sum, member) => sum + member.replicas, 0)

/** The size of the new ReplicaSet after raising it as far as the surge allows; or lowered when it is too large. */
export function newReplicas(
  bounds: RollingBounds,
  current: RolloutMember,
  old: readonly RolloutMember[],
): number {
  const { desired, maxSurge } = bounds
  if (current.replicas >= desired) return desired
  const room = desired + maxSurge - total([current, ...old])
  return current.replicas + Math.max(0, Math.min(room, desired - current.replicas))
}

/**
 * The sizes of the old ReplicaSets (oldest first) after one step down: unhealthy replicas first, then healthy ones,
 * never below the desired number less maxUnavailable. Only those that change are in the map.
 */
export function shrunkOldReplicas(
  bounds: RollingBounds,
  current: RolloutMember,
  old: readonly RolloutMember[],
): ReadonlyMap<string, number> {
  const minAvailable = bounds.desired - bounds.maxUnavailable
  const newUnavailable = current.replicas - current.availableReplicas
  const budget = total([current, ...old]) - minAvailable - newUnavailable
  const sizes = new Map(old.map((member) => [member.name, member.replicas]))
  if (budget <= 0) return new Map()
  removeUnhealthy(sizes, old, budget)
  const available = [current, ...old].reduce((sum, member) => sum + member.availableReplicas, 0)
  removeHealthy(sizes, old, available - minAvailable)
  return new Map(old.flatMap(({ name, replicas }) => changedSize(sizes, name, replicas)))
}

function changedSize(
  sizes: ReadonlyMap<string, number>,
  name: string,
  replicas: number,
): [string, number][] {
  const size = sizes.get(name) ?? replicas
  return size === replicas ? [] : [[name, size]]
}

function removeUnhealthy(
  sizes: Map<string, number>,
  old: readonly RolloutMember[],
  budget: number,
): void {
  let left = budget
  for (const { name, replicas, availableReplicas } of old) {
    const count = Math.max(0, Math.min(left, replicas - availableReplicas))
    sizes.set(name, replicas - count)
    left -= count
  }
}

function removeHealthy(
  sizes: Map<string, number>,
  old: readonly RolloutMember[],
  surplus: number,
): void {
  let left = Math.max(0, surplus)
  for (const { name } of old) {
    const size = sizes.get(name) ?? 0
    const count = Math.min(left, size)
    sizes.set(name, size - count)
    left -= count
  }
}
