import type { PodContext } from './pod-context.ts'

/** `containerd://` and 64 hex digits, which follow from the seed, the pod, the container and the number of its run. */
export function createContainerId(
  { node, pod }: PodContext,
  container: string,
  run: number,
): string {
  const random = node.random.stream(`container ${pod.metadata.uid}/${container}/${String(run)}`)
  return `containerd://${(random.uuid() + random.uuid()).replaceAll('-', '')}`
}
