/** An active ReplicaSet in the middle of a rollout that is being scaled. */
export interface ScaledMember {
  readonly name: string
  readonly replicas: number
  /** The `max-replicas` annotation: desired + surge when it was last sized. */
  readonly maxReplicas: number
  readonly createdAt: string
}

/**
 * Spreads a new total over the active ReplicaSets in proportion to their sizes; what rounding leaves goes to the
 * largest (k8s-mechanics 4.1). `maxReplicas` is the new desired number plus the surge.
 */
export function proportionalSizes(
  members: readonly ScaledMember[],
  desired: number,
  maxReplicas: number,
): ReadonlyMap<string, number> {
  const current = members.reduce((sum, member) => sum + member.replicas, 0)
  const toAdd = (desired > 0 ? maxReplicas : 0) - current
  const sorted = [...members].sort((left, right) => compareSizes(left, right, toAdd))
  const sizes = new Map<string, number>()
  let added = 0
  for (const member of sorted) {
    const share = toAdd === 0 ? 0 : shareOf(member, desired, maxReplicas, toAdd, added)
    added += share
    sizes.set(member.name, member.replicas + share)
  }
  const [largest] = sorted
  if (largest) {
    const size = sizes.get(largest.name) ?? largest.replicas
    sizes.set(largest.name, Math.max(0, size + toAdd - added))
  }
  return sizes
}

/** Largest first; of equals the newer when growing, the older when shrinking. */
function compareSizes(left: ScaledMember, right: ScaledMember, toAdd: number): number {
  if (left.replicas !== right.replicas) return right.replicas - left.replicas
  const newerFirst = right.createdAt.localeCompare(left.createdAt)
  return toAdd > 0 ? newerFirst : -newerFirst
}

function shareOf(
  member: ScaledMember,
  desired: number,
  maxReplicas: number,
  toAdd: number,
  added: number,
): number {
  if (desired === 0) return -member.replicas
  const grown = Math.round((member.replicas * maxReplicas) / member.maxReplicas)
  const share = grown - member.replicas
  const allowed = toAdd - added
  return toAdd > 0 ? Math.min(share, allowed) : Math.max(share, allowed)
}
