import { humanUs, plural } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { CauseId, ContainerExit, PodStory } from '../analysis.ts'
import { type CauseRule, type Facts, isBroken, isTurnedAway, WATCH_LAG_US } from './cause-rule.ts'

/** The kubelet notices an exit up to 1 s late (k8s-mechanics 1.11) unless it is busy, and the watch a little later. */
const NOTICED_WITHIN_US = 1_500_000

/** Which cause the end of a container that nobody deleted is. */
export function exitCause({ reason, killedFor }: ContainerExit): CauseId {
  if (killedFor) return killedFor.probe === 'liveness' ? 'LIVENESS_RESTART' : 'STARTUP_KILL'
  return reason === 'OOMKilled' ? 'OOM' : 'CRASH'
}

/** The exits that can have made a request fail: about to be seen as it ended, or the container not back as it was sent. */
export function exitsAround(
  pod: PodStory,
  failure: FailureEntry,
  facts: Facts,
): readonly ContainerExit[] {
  return pod.exits.filter((exit) => {
    const endedUs = Math.min(exit.endedUs, exit.atUs - NOTICED_WITHIN_US)
    const fromUs = (exit.killedFor?.atUs ?? endedUs) - WATCH_LAG_US
    const back = pod.readySpans.find((span) => span.fromUs > exit.atUs)
    // Where Ready was never lost there is no telling when it was back: a start takes a moment.
    const wasAlwaysReady = pod.readySpans.some(
      (span) => span.fromUs <= fromUs && (span.toUs ?? Infinity) > exit.atUs + NOTICED_WITHIN_US,
    )
    const backUs = wasAlwaysReady ? exit.atUs + NOTICED_WITHIN_US : (back?.fromUs ?? Infinity)
    return (
      failure.endedAtUs >= fromUs &&
      failure.sentAtUs <= Math.min(backUs, exit.atUs + facts.propagationUs) + WATCH_LAG_US
    )
  })
}

const exitRule = (cause: CauseId, title: string, describe: CauseRule['describe']): CauseRule => ({
  cause,
  title,
  explain(failure, facts) {
    if (!isBroken(failure, facts) && !isTurnedAway(failure)) return undefined
    const name = facts.through === 'ingress' ? undefined : failure.answeredBefore
    const pods = facts.pods.filter(
      (pod) =>
        (name === undefined || pod.name === name) &&
        exitsAround(pod, failure, facts).some((exit) => exitCause(exit) === cause),
    )
    if (pods.length === 0) return undefined
    return {
      confidence: pods.length === 1 ? 'high' : 'medium',
      pods: pods.map((pod) => pod.name),
    }
  },
  describe,
})

const exitEvidence = (cause: CauseId, pods: readonly PodStory[]) =>
  pods
    .flatMap((pod) => pod.exits.map((exit) => ({ pod, exit })))
    .filter(({ exit }) => exitCause(exit) === cause)
    .slice(0, 5)
    .map(({ pod, exit }) => ({
      atUs: exit.atUs,
      text: `${pod.name}: container ${exit.container} was seen to have exited with ${exit.exitCode ?? '?'} (${exit.reason ?? 'no reason'})${
        exit.killedFor
          ? `, ${humanUs(Math.max(0, exit.atUs - exit.killedFor.atUs))} after its ${exit.killedFor.probe} probe had it killed`
          : ''
      }`,
    }))

const podsText = (pods: readonly PodStory[]) => plural(pods.length, 'pod')

const containerYaml = (name: string, lines: string) =>
  `spec:\n  template:\n    spec:\n      containers:\n        - name: ${name}\n          ${lines}\n`

/** The kernel killed a container that took more memory than its limit. */
export const oom = exitRule('OOM', 'Killed for its memory', (failures, pods, facts) => ({
  explanation: `The kernel killed a container of ${podsText(pods)} for taking more memory than its limit, and ${plural(failures.length, 'request')} failed.`,
  evidence: exitEvidence('OOM', pods),
  fix: {
    text: 'Raise the memory limit above what the application needs under this load, or make it need less.',
    yaml: containerYaml(
      facts.containerName,
      'resources: { requests: { memory: 512Mi }, limits: { memory: 512Mi } } # above what it needs',
    ),
  },
}))

/** A container ended by itself. */
export const crash = exitRule('CRASH', 'The application crashed', (failures, pods) => ({
  explanation: `A container of ${podsText(pods)} ended without having been told to, and ${plural(failures.length, 'request')} failed; after a crash connections are refused until the kubelet has noticed.`,
  evidence: exitEvidence('CRASH', pods),
  fix: {
    text: 'See why it ended: kubectl logs --previous. Two replicas or more keep one crash from being an outage.',
  },
}))

/** The liveness probe failed, and the kubelet restarted the container while it was Ready. */
export const livenessRestart = exitRule(
  'LIVENESS_RESTART',
  'Restarted by the liveness probe',
  (failures, pods, facts) => ({
    explanation: `The liveness probe of ${podsText(pods)} failed and the kubelet restarted the container, with ${plural(failures.length, 'request')} lost. A pod that is killed for its liveness stays among the endpoints meanwhile.`,
    evidence: exitEvidence('LIVENESS_RESTART', pods),
    fix: {
      text: 'Let the liveness probe fail only when a restart helps: no dependencies, more time under load, more patience.',
      yaml: containerYaml(
        facts.containerName,
        'livenessProbe: { httpGet: { path: /live, port: 8080 }, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 6 } # path and port: your own',
      ),
    },
  }),
)

/** The startup probe's patience was over before the application had started. */
export const startupKill = exitRule(
  'STARTUP_KILL',
  'Killed by the startup probe',
  (failures, pods, facts) => ({
    explanation: `The startup probe of ${podsText(pods)} gave up before the application had started, and the kubelet killed it; ${plural(failures.length, 'request')} failed.`,
    evidence: exitEvidence('STARTUP_KILL', pods),
    fix: {
      text: 'Give the start the time that it takes: failureThreshold × periodSeconds.',
      yaml: containerYaml(
        facts.containerName,
        'startupProbe: { httpGet: { path: /ready, port: 8080 }, periodSeconds: 2, failureThreshold: 60 } # path and port: your own',
      ),
    },
  }),
)
