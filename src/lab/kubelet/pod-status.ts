import { kubeTime } from '../api/kube-time.ts'
import type { Condition, Pod, PodStatus } from '../api/kinds/pod.ts'
import type { ContainerRecord } from './container-record.ts'
import { containerStatus } from './container-record.ts'

/** What a pod's status is computed from. */
export interface PodFacts {
  readonly pod: Pod
  readonly podIp: string
  readonly hostIp: string
  readonly startTime: string
  readonly containers: readonly ContainerRecord[]
  readonly initContainers: readonly ContainerRecord[]
  /** Every container has been stopped for good because the pod was deleted. */
  readonly terminated: boolean
}

type Phase = NonNullable<PodStatus['phase']>

/** The whole status of a pod; conditions keep their transition time while their status stays. */
export function podStatus(facts: PodFacts, before: PodStatus): PodStatus {
  const phase = podPhase(facts)
  const initStatuses = facts.initContainers.map(containerStatus)
  return {
    ...before,
    phase,
    conditions: mergeConditions(podConditions(facts, phase, before), before.conditions ?? []),
    hostIP: facts.hostIp,
    podIP: facts.podIp,
    podIPs: [{ ip: facts.podIp }],
    startTime: facts.startTime,
    containerStatuses: facts.containers.map(containerStatus),
    ...(initStatuses.length > 0 ? { initContainerStatuses: initStatuses } : {}),
  }
}

const exitCodeOf = (record: ContainerRecord): number | undefined =>
  record.state.terminated?.exitCode

const isInitialized = (facts: PodFacts): boolean =>
  facts.initContainers.every((record) => exitCodeOf(record) === 0)

function podPhase(facts: PodFacts): Phase {
  const { pod, containers, initContainers } = facts
  const exitCodes = containers.map(exitCodeOf)
  if (facts.terminated) return exitCodes.every((code) => code === 0) ? 'Succeeded' : 'Failed'
  const policy = pod.spec.restartPolicy ?? 'Always'
  if (!isInitialized(facts)) {
    const failed = initContainers.some((record) => (exitCodeOf(record) ?? 0) !== 0)
    return failed && policy === 'Never' ? 'Failed' : 'Pending'
  }
  if (containers.some((record) => record.state.waiting && !record.lastState)) return 'Pending'
  if (policy === 'Always' || exitCodes.includes(undefined)) return 'Running'
  if (exitCodes.every((code) => code === 0)) return 'Succeeded'
  return policy === 'Never' ? 'Failed' : 'Running'
}

function podConditions(facts: PodFacts, phase: Phase, before: PodStatus): Condition[] {
  const ended = phase === 'Succeeded' || phase === 'Failed'
  const unready = facts.containers.filter((record) => !record.ready)
  const blocker: Partial<Condition> = ended
    ? { reason: phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed' }
    : {
        reason: 'ContainersNotReady',
        message: `containers with unready status: [${unready.map((one) => one.container.name).join(' ')}]`,
      }
  const containersReady = !ended && unready.length === 0
  const gatesOpen = (facts.pod.spec.readinessGates ?? []).every(({ conditionType }) =>
    before.conditions?.some((one) => one.type === conditionType && one.status === 'True'),
  )
  const notReady = containersReady
    ? {
        reason: 'ReadinessGatesNotReady',
        message: 'the status of pod readiness gate is not "True"',
      }
    : blocker
  return [
    condition('PodReadyToStartContainers', !facts.terminated),
    condition('Initialized', isInitialized(facts), { reason: 'ContainersNotInitialized' }),
    condition('Ready', containersReady && gatesOpen, notReady),
    condition('ContainersReady', containersReady, blocker),
    condition('PodScheduled', true),
  ]
}

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
