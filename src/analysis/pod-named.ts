interface Named {
  readonly name: string
  readonly firstSeenUs: number
}

/**
 * The pod that had a name at an instant, of pods in the order in which they came: a StatefulSet gives the name of a pod
 * that is gone to the next one. Undefined: no pod ever had it.
 */
export function podNamed<Pod extends Named>(
  pods: readonly Pod[],
  name: string,
  atUs: number,
): Pod | undefined {
  const same = pods.filter((pod) => pod.name === name)
  return same.findLast(({ firstSeenUs }) => firstSeenUs <= atUs) ?? same[0]
}
