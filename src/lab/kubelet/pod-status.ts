import { kubeTime } from '../api/kube-time.ts'
import type { Condition, Pod, PodStatus } from '../api/kinds/pod.ts'
import type { ContainerRecord } from './container-record.ts'
import { containerStatus } from './container-record.ts'

/** What a pod's status is computed from. */
export interface PodFacts {
  readonly pod: Pod
  /** Empty before the pod's sandbox is there. */
  readonly podIp: string
  readonly hostIp: string
  readonly startTime: string
  readonly containers: readonly ContainerRecord[]
  /** With the sidecars among them. */
  readonly initContainers: readonly ContainerRecord[]
  /** Every container has been stopped for good, and the sandbox is gone. */
  readonly terminated: boolean
}

type Phase = NonNullable<PodStatus['phase']>

/** The whole status of a pod; conditions keep their transition time while their status stays. */
export function podStatus(facts: PodFacts, before: PodStatus): PodStatus {
  const coming = podPhase(facts)
  // A terminal phase is held back until nothing of the pod runs any more (k8s-mechanics 1.10).
  const phase = isTerminal(coming) && !facts.terminated ? 'Running' : coming
  const initStatuses = facts.initContainers.map(containerStatus)
  return {
    ...before,
    phase,
    conditions: mergeConditions(podConditions(facts, coming, before), before.conditions ?? []),
    hostIP: facts.hostIp,
    ...(facts.podIp === '' ? {} : { podIP: facts.podIp, podIPs: [{ ip: facts.podIp }] }),
    startTime: facts.startTime,
    containerStatuses: facts.containers.map(containerStatus),
    ...(initStatuses.length > 0 ? { initContainerStatuses: initStatuses } : {}),
  }
}

const exitCodeOf = (record: ContainerRecord): number | undefined =>
  record.state.terminated?.exitCode

const isSidecar = ({ container }: ContainerRecord): boolean => container.restartPolicy === 'Always'

const isTerminal = (phase: Phase): boolean => phase === 'Succeeded' || phase === 'Failed'

/** A sidecar only has to be started. */
const isInitialized = (facts: PodFacts): boolean =>
  facts.initContainers.every((record) =>
    isSidecar(record) ? facts.terminated || record.started : exitCodeOf(record) === 0,
  )

/** The exit codes of sidecars do not count (k8s-mechanics 1.8). */
function podPhase(facts: PodFacts): Phase {
  const { pod, containers } = facts
  const exitCodes = containers.map(exitCodeOf)
  const allSucceeded = exitCodes.every((code) => code === 0)
  if (facts.terminated) return allSucceeded && isInitialized(facts) ? 'Succeeded' : 'Failed'
  const policy = pod.spec.restartPolicy ?? 'Always'
  const initContainers = facts.initContainers.filter((record) => !isSidecar(record))
  if (policy === 'Never' && initContainers.some((record) => (exitCodeOf(record) ?? 0) !== 0))
    return 'Failed'
  if (containers.some((record) => record.state.waiting && !record.lastState)) return 'Pending'
  if (policy === 'Always' || exitCodes.includes(undefined)) return 'Running'
  if (allSucceeded) return 'Succeeded'
  return policy === 'Never' ? 'Failed' : 'Running'
}

function podConditions(facts: PodFacts, phase: Phase, before: PodStatus): Condition[] {
  const counted = [...facts.initContainers.filter(isSidecar), ...facts.containers]
  const unready = counted.filter((record) => !record.ready)
  const blocker = whyUnready(phase, unready)
  const containersReady = !isTerminal(phase) && unready.length === 0
  const gatesOpen = (facts.pod.spec.readinessGates ?? []).every(({ conditionType }) =>
    before.conditions?.some((one) => one.type === conditionType && one.status === 'True'),
  )
  const notReady = containersReady
    ? {
        reason: 'ReadinessGatesNotReady',
        message: 'the status of pod readiness gate is not "True"',
      }
    : blocker
  const incomplete = facts.initContainers.filter((record) =>
    isSidecar(record) ? !record.started : exitCodeOf(record) !== 0,
  )
  return [
    condition('PodReadyToStartContainers', facts.podIp !== '' && !facts.terminated),
    condition('Initialized', isInitialized(facts), {
      reason: 'ContainersNotInitialized',
      message: `containers with incomplete status: ${names(incomplete)}`,
    }),
    condition('Ready', containersReady && gatesOpen, notReady),
    condition('ContainersReady', containersReady, blocker),
    condition('PodScheduled', true),
  ]
}

function whyUnready(phase: Phase, unready: readonly ContainerRecord[]): Partial<Condition> {
  if (isTerminal(phase)) return { reason: phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed' }
  const message = `containers with unready status: ${names(unready)}`
  return { reason: 'ContainersNotReady', message }
}

const names = (records: readonly ContainerRecord[]): string =>
  `[${records.map(({ container }) => container.name).join(' ')}]`

const condition = (type: string, holds: boolean, why: Partial<Condition> = {}): Condition => ({
  type,
  status: holds ? 'True' : 'False',
  ...(holds ? {} : why),
})

function mergeConditions(ours: readonly Condition[], before: readonly Condition[]): Condition[] {
  const stamped = ours.map((one) => {
    const old = before.find((candidate) => candidate.type === one.type)
    const same = old?.status === one.status ? old.lastTransitionTime : undefined
    return { ...one, lastTransitionTime: same ?? kubeTime() }
  })
  const foreign = before.filter((old) => !ours.some((one) => one.type === old.type))
  return [...stamped, ...foreign]
}
