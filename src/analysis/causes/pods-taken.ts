import { humanAt, plural } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { PodStory } from '../analysis.ts'
import { capacityDrop } from './capacity-drop.ts'
import { type CauseRule, deploymentAt, type Facts } from './cause-rule.ts'
import { noEndpoints } from './no-endpoints.ts'
import { rolloutYaml } from './rollout-yaml.ts'
import { crash, exitCause, exitsAround, livenessRestart, oom, startupKill } from './unasked-exit.ts'

/** Evictions within this time are one disruption. */
const TOGETHER_US = 60_000_000

/** No endpoint, or too few: these rules say what took the pods away. Gives undefined for any other failure. */
const whenPodsAreMissing = (failure: FailureEntry, facts: Facts) =>
  noEndpoints.explain(failure, facts) ?? capacityDrop.explain(failure, facts)

interface TakenRule extends Pick<CauseRule, 'cause' | 'title' | 'describe'> {
  /** The pods that were missing for this reason; undefined: it is not this reason. */
  readonly missing: (failure: FailureEntry, facts: Facts) => readonly PodStory[] | undefined
}

const takenRule = ({ cause, title, describe, missing }: TakenRule): CauseRule => ({
  cause,
  title,
  explain(failure, facts) {
    const found = whenPodsAreMissing(failure, facts)
    const pods = found && missing(failure, facts)
    return pods && { confidence: found.confidence, pods: pods.map((pod) => pod.name) }
  },
  describe,
})

const orUndefined = (pods: readonly PodStory[], least = 1) =>
  pods.length < least ? undefined : pods

/** Containers that ended unasked were the endpoints that are missing. */
const takenByExit = (rule: CauseRule): CauseRule =>
  takenRule({
    cause: rule.cause,
    title: rule.title,
    describe: (failures, pods, facts) => rule.describe(failures, pods, facts),
    missing: (failure, facts) =>
      orUndefined(
        facts.pods.filter((pod) => {
          const exits = pod.exits.filter(
            (exit) =>
              exitCause(exit) === rule.cause &&
              exit.atUs <= failure.endedAtUs &&
              isDown(pod, failure, facts),
          )
          return (
            exits.length > 0 ||
            exitsAround(pod, failure, facts).some((exit) => exitCause(exit) === rule.cause)
          )
        }),
      ),
  })

/** Alive and yet not Ready at the time of a failure, after having been Ready; proxies follow later. */
function isDown(pod: PodStory, failure: FailureEntry, facts: Facts): boolean {
  if (pod.deleteSeenUs !== undefined && pod.deleteSeenUs <= failure.endedAtUs) return false
  return pod.readySpans.some(({ toUs }, at) => {
    const backUs = pod.readySpans[at + 1]?.fromUs ?? Infinity
    return (
      toUs !== undefined &&
      toUs <= failure.endedAtUs &&
      failure.sentAtUs <= backUs + facts.propagationUs
    )
  })
}

/** Every pod of the old version was taken before the first of the new one was made. */
const recreateGap = takenRule({
  cause: 'RECREATE_GAP',
  title: 'Recreate leaves a gap',
  missing(failure, facts) {
    const deployment = deploymentAt(facts, failure.endedAtUs)
    if (deployment?.strategy !== 'Recreate' || deployment.specReplicas === 0) return undefined
    const taken = facts.pods.filter(
      ({ deleteSeenUs, disruption }) =>
        disruption === undefined && deleteSeenUs !== undefined && deleteSeenUs <= failure.endedAtUs,
    )
    return noEndpoints.explain(failure, facts) && orUndefined(taken)
  },
  describe(failures, pods, facts) {
    const empty = facts.endpoints.find(({ ready }) => ready === 0)
    return {
      explanation: `The Deployment’s strategy is Recreate: it took all ${plural(pods.length, 'old pod')} before it made the first new one, and ${plural(failures.length, 'request')} had nowhere to go.`,
      evidence: empty
        ? [{ atUs: empty.atUs, text: `no endpoint was ready from ${humanAt(empty.atUs)} s on` }]
        : [],
      fix: {
        text: 'Roll out with RollingUpdate and maxUnavailable 0; Recreate is for applications of which two versions must never run at once.',
        yaml: rolloutYaml(facts),
      },
    }
  },
})

/** When as many endpoints were ready again as before the first of these pods was deleted; Infinity: never. */
function replacedUs(pods: readonly PodStory[], { endpoints }: Facts): number {
  const deletedUs = pods.map(({ deleteSeenUs = 0 }) => deleteSeenUs)
  const before = endpoints.findLast(({ atUs }) => atUs <= Math.min(...deletedUs))?.ready ?? Infinity
  const again = endpoints.find(
    ({ atUs, ready }) => atUs > Math.max(...deletedUs) && ready >= before,
  )
  return again?.atUs ?? Infinity
}

/** Several pods were evicted together, and no budget kept enough of them. */
const drainWithoutPdb = takenRule({
  cause: 'DRAIN_WITHOUT_PDB',
  title: 'Evicted together, without a budget',
  missing(failure, facts) {
    const evicted = facts.pods.filter(
      ({ disruption, deleteSeenUs = Infinity }) =>
        disruption === 'EvictionByEvictionAPI' &&
        deleteSeenUs <= failure.endedAtUs &&
        deleteSeenUs + TOGETHER_US >= failure.sentAtUs,
    )
    const isOver = failure.sentAtUs > replacedUs(evicted, facts) + facts.propagationUs
    return isOver ? undefined : orUndefined(evicted, 2)
  },
  describe: (failures, pods, { workloadName }) => ({
    explanation: `${plural(pods.length, 'pod')} were evicted within a short time, as a node drain does, and too few were left for ${plural(failures.length, 'request')}; a PodDisruptionBudget would have let them go one after another.`,
    evidence: pods
      .slice(0, 5)
      .flatMap((pod) =>
        pod.deleteSeenUs === undefined
          ? []
          : [{ atUs: pod.deleteSeenUs, text: `${pod.name} was evicted (EvictionByEvictionAPI)` }],
      ),
    fix: {
      text: 'Give the workload a PodDisruptionBudget; it bounds evictions, not rollouts.',
      yaml: `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: ${workloadName} }\nspec:\n  maxUnavailable: 1\n  unhealthyPodEvictionPolicy: AlwaysAllow\n  selector: { matchLabels: { app: ${workloadName} } } # the workload’s own spec.selector\n`,
    },
  }),
})

/** Pods that lived lost their readiness. */
const readinessFlap = takenRule({
  cause: 'READINESS_FLAP',
  title: 'Readiness comes and goes',
  missing: (failure, facts) => orUndefined(facts.pods.filter((pod) => isDown(pod, failure, facts))),
  describe: (failures, pods, facts) => ({
    explanation: `${plural(pods.length, 'pod')} lost their readiness while they lived, and too few endpoints were left for ${plural(failures.length, 'request')}.`,
    evidence: pods
      .flatMap((pod) =>
        pod.readySpans.flatMap(({ toUs }) =>
          toUs === undefined || (pod.deleteSeenUs ?? Infinity) <= toUs
            ? []
            : [{ atUs: toUs, text: `${pod.name} was no longer Ready` }],
        ),
      )
      .slice(0, 5),
    fix: {
      text: 'Make the readiness probe ask for this pod’s own health, no dependency that all pods share, and give it patience: a timeout that holds under load and more than one failure.',
      yaml: `spec:\n  template:\n    spec:\n      containers:\n        - name: ${facts.containerName}\n          readinessProbe:\n            httpGet: { path: /ready, port: 8080 } # your own\n            periodSeconds: 2\n            timeoutSeconds: 2\n            failureThreshold: 3\n`,
    },
  }),
})

/** New pods never became ready, and the old ones were too few. */
const rolloutStuck = takenRule({
  cause: 'ROLLOUT_STUCK',
  title: 'The rollout is stuck',
  missing(failure, facts) {
    if (deploymentAt(facts, failure.endedAtUs)?.deadlineExceeded !== true) return undefined
    return facts.pods.filter(
      ({ firstSeenUs, readyAtUs }) => firstSeenUs <= failure.endedAtUs && readyAtUs === undefined,
    )
  },
  describe: (failures, pods, facts) => ({
    explanation: `The rollout made no progress within its deadline: ${plural(pods.length, 'new pod')} never became Ready, and the others were too few for ${plural(failures.length, 'request')}.`,
    evidence: facts.deployments
      .filter(({ deployment }) => deployment.deadlineExceeded === true)
      .slice(0, 1)
      .map(({ atUs }) => ({ atUs, text: 'Progressing is False: ProgressDeadlineExceeded' })),
    fix: {
      text: 'See why the new pods do not become Ready (kubectl describe pod), go back with kubectl rollout undo, and keep the old pods until then with maxUnavailable 0.',
      yaml: rolloutYaml(facts),
    },
  }),
})

/** In order of precedence: what ended for itself before what was taken, and the particular before the general. */
export const podsTaken: readonly CauseRule[] = [
  ...[oom, livenessRestart, startupKill, crash].map(takenByExit),
  drainWithoutPdb,
  recreateGap,
  rolloutStuck,
  readinessFlap,
]
