import type { ContainerStatus, Pod } from '../kinds/pod.ts'
import type { Column } from './column.ts'
import { ageColumn, nameColumn, text, wide } from './column.ts'
import { ageOf } from './human-duration.ts'

/** The columns of `kubectl get pods`. */
export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  text('Ready', readyContainers),
  text('Status', podStatusCell),
  text('Restarts', restarts),
  ageColumn,
  wide(text('IP', (pod) => pod.status.podIP ?? '<none>')),
  wide(text('Node', (pod) => pod.spec.nodeName ?? '<none>')),
  wide(text('Nominated Node', () => '<none>')),
  wide(text('Readiness Gates', () => '<none>')),
]

const statusesOf = (pod: Pod): readonly ContainerStatus[] => pod.status.containerStatuses ?? []

function readyContainers(pod: Pod): string {
  const ready = statusesOf(pod).filter((status) => status.ready && status.state?.running)
  return `${String(ready.length)}/${String(pod.spec.containers.length)}`
}

function restarts(pod: Pod): string {
  const statuses = statusesOf(pod)
  const total = statuses.reduce((sum, status) => sum + status.restartCount, 0)
  const ends = statuses.flatMap((status) => status.lastState?.terminated?.finishedAt ?? [])
  const last = ends.sort().at(-1)
  return total > 0 && last ? `${String(total)} (${ageOf(last)} ago)` : String(total)
}

/** The STATUS cell: the most telling reason of phase, init containers and containers (k8s-mechanics 7.3). */
export function podStatusCell(pod: Pod): string {
  const { phase = 'Unknown', reason } = pod.status
  const fallback = reason ?? phase
  const status = initReason(pod) ?? containerReason(pod) ?? fallback
  const ended = phase === 'Succeeded' || phase === 'Failed'
  if (pod.metadata.deletionTimestamp === undefined || ended) return status
  return reason === 'NodeLost' ? 'Unknown' : 'Terminating'
}

function initReason(pod: Pod): string | undefined {
  const statuses = pod.status.initContainerStatuses ?? []
  const total = pod.spec.initContainers?.length ?? 0
  const sidecars = new Set(
    pod.spec.initContainers?.filter((one) => one.restartPolicy === 'Always').map((one) => one.name),
  )
  for (const [index, status] of statuses.entries()) {
    const { terminated, waiting } = status.state ?? {}
    if (terminated?.exitCode === 0 || (sidecars.has(status.name) && status.started)) continue
    if (terminated) return `Init:${terminated.reason ?? exitText(terminated)}`
    if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`
    return `Init:${String(index)}/${String(total)}`
  }
  return undefined
}

const exitText = (terminated: { exitCode: number; signal?: number }): string =>
  terminated.signal
    ? `Signal:${String(terminated.signal)}`
    : `ExitCode:${String(terminated.exitCode)}`

function containerReason(pod: Pod): string | undefined {
  const reasons = statusesOf(pod).flatMap(({ state }) => {
    if (state?.waiting?.reason) return [state.waiting.reason]
    return state?.terminated ? [state.terminated.reason ?? exitText(state.terminated)] : []
  })
  const running = statusesOf(pod).some((status) => status.ready && status.state?.running)
  const [first] = reasons
  if (first !== 'Completed' || !running) return first
  const ready = pod.status.conditions?.some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  )
  return ready ? 'Running' : 'NotReady'
}
