import { humanUs, plural, US_PER_SECOND } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { CauseId, PodStory } from '../analysis.ts'
import {
  blame,
  type CauseRule,
  type Description,
  endingPods,
  isBroken,
  wasKilledAtGraceEnd,
} from './cause-rule.ts'

/** The kubelet notices an exit up to 1 s late, and the watch a little later. */
const NOTICED_WITHIN_US = 1_500_000
/** A request sent so long after the stop signal was taken by a process that goes on as if nothing were. */
const GOES_ON_US = 300_000

/** Which of the stories of a kill at the end of the grace a pod tells; none of a connection that it never took. */
function storyOf(pod: PodStory, failure: FailureEntry): CauseId | undefined {
  const signalUs = pod.stopSignalUs ?? 0
  if ((pod.preStopSeconds ?? 0) >= pod.graceSeconds) return 'PRESTOP_LONGER_THAN_GRACE'
  if (pod.shellForm) return 'SHELL_SWALLOWS_TERM'
  const tookNewWork = failure.sentAtUs > signalUs + GOES_ON_US
  const stillListened = (pod.lastAnsweredSentUs.new ?? 0) > signalUs + 100_000
  const stoppedListening = pod.readySpans.some(
    ({ toUs }) =>
      toUs !== undefined && toUs > signalUs && toUs < (pod.graceEndUs ?? Infinity) - US_PER_SECOND,
  )
  if (tookNewWork && stoppedListening && !stillListened)
    return failure.connection === 'reused' ? 'KEEPALIVE_PINNED_TO_TERMINATING' : undefined
  return tookNewWork ? 'PID1_IGNORES_TERM' : 'SIGKILL_AT_GRACE_END'
}

const graceEndRule = (
  cause: CauseId,
  title: string,
  describe: CauseRule['describe'],
): CauseRule => ({
  cause,
  title,
  explain(failure, facts) {
    if (!isBroken(failure, facts)) return undefined
    const pods = endingPods(failure, facts).filter(
      (pod) =>
        wasKilledAtGraceEnd(pod) &&
        failure.endedAtUs > (pod.graceEndUs ?? 0) - NOTICED_WITHIN_US &&
        failure.endedAtUs < (pod.exitSeenUs ?? 0) + 300_000 &&
        storyOf(pod, failure) === cause,
    )
    return blame(pods, failure)
  },
  describe,
})

const graceYaml = (seconds: number) =>
  `spec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: ${seconds}\n`

const commandYaml = (containerName: string, command: string) =>
  `spec:\n  template:\n    spec:\n      containers:\n        - name: ${containerName}\n          command: ${command}\n`

/** The process was still at work when the grace ran out. */
export const sigkillAtGraceEnd = graceEndRule(
  'SIGKILL_AT_GRACE_END',
  'Killed at the end of the grace period',
  (failures, pods, facts) => {
    const longestUs = Math.max(
      facts.longestServiceUs,
      ...failures.map((failure) => failure.endedAtUs - failure.sentAtUs),
    )
    const seconds =
      Math.ceil(longestUs / US_PER_SECOND) + Math.ceil(pods[0]?.preStopSeconds ?? 0) + 3
    return {
      explanation: `${plural(failures.length, 'request')} were still being answered when the grace of ${pods[0]?.graceSeconds ?? 30} s ran out and SIGKILL came.`,
      evidence: killEvidence(pods),
      fix: {
        text: `Give the pod longer than its longest request, here at least ${seconds} s, or bound the requests.`,
        yaml: graceYaml(seconds),
      },
    }
  },
)

/** The preStop hook took the whole grace, so that the process had 2 s left (k8s-mechanics 1.3). */
export const prestopLongerThanGrace = graceEndRule(
  'PRESTOP_LONGER_THAN_GRACE',
  'The preStop hook takes the whole grace',
  (failures, pods, facts) => {
    const preStopSeconds = Math.ceil(pods[0]?.preStopSeconds ?? 0)
    const seconds = preStopSeconds + Math.ceil(facts.longestServiceUs / US_PER_SECOND) + 3
    return {
      explanation: `The preStop hook takes ${preStopSeconds} s of a grace of ${pods[0]?.graceSeconds ?? 30} s. The stop signal came only at its end, SIGKILL 2 s later, and it cut ${plural(failures.length, 'request')}.`,
      evidence: killEvidence(pods),
      fix: {
        text: `The grace must hold the hook, the longest request and a margin: at least ${seconds} s, or make the hook shorter.`,
        yaml: graceYaml(seconds),
      },
    }
  },
)

/** PID 1 has no handler for the stop signal, so the kernel drops it. */
export const pid1IgnoresTerm = graceEndRule(
  'PID1_IGNORES_TERM',
  'PID 1 ignores the stop signal',
  (failures, pods, { containerName }) => ({
    explanation: `The process went on as if it had never been told to stop, and SIGKILL cut ${plural(failures.length, 'request')} at the end of the grace: as PID 1 it gets only signals it has a handler for.`,
    evidence: killEvidence(pods),
    fix: {
      text: 'Handle SIGTERM in the application, or put an init such as tini in front of it, so that the signal has an effect.',
      yaml: commandYaml(containerName, '["tini", "--", "/app/server"] # your own program'),
    },
  }),
)

/** A shell is PID 1 and hands the signal to nobody. */
export const shellSwallowsTerm = graceEndRule(
  'SHELL_SWALLOWS_TERM',
  'A shell swallows the stop signal',
  (failures, pods, { containerName }) => ({
    explanation: `The container’s command is a shell with -c; the shell is PID 1 and does not pass the signal on. The server never heard of the stop, and SIGKILL cut ${plural(failures.length, 'request')} at the end of the grace.`,
    evidence: killEvidence(pods),
    fix: {
      text: 'Let the server replace the shell with exec, or start it without a shell.',
      yaml: commandYaml(
        containerName,
        '["sh", "-c", "prepare && exec /app/server"] # your own program',
      ),
    },
  }),
)

/** The same end for a process that stopped listening but kept its keep-alive connections. */
export const pinnedUntilKilled = graceEndRule(
  'KEEPALIVE_PINNED_TO_TERMINATING',
  'Keep-alive connection pinned to a terminating pod',
  describePinned,
)

/** What to say of connections that stay on a pod that is going away. */
export function describePinned(
  failures: readonly FailureEntry[],
  pods: readonly PodStory[],
): Description {
  const outUs = Math.max(0, ...pods.flatMap((pod) => pod.outOfSliceUs ?? []))
  return {
    explanation: `${plural(failures.length, 'request')} went over connections opened before, to pods that no proxy sent to any more: removing an endpoint moves no open connection, and this one broke when the pod went.`,
    evidence: [
      ...pods
        .slice(0, 3)
        .flatMap((pod) =>
          pod.outOfSliceUs === undefined
            ? []
            : [{ atUs: pod.outOfSliceUs, text: `${pod.name} was seen out of the EndpointSlice` }],
        ),
      ...failures.slice(0, 4).map((failure) => ({
        atUs: failure.sentAtUs,
        text: `request ${failure.seq} was sent ${humanUs(Math.max(0, failure.sentAtUs - outUs))} later, on a connection opened ${humanUs(failure.connectionAgeUs)} before it with ${plural(failure.servedBefore, 'request')} answered, and broke`,
      })),
    ],
    fix: {
      text: 'Move the clients while the pod still serves: answer with Connection: close from the beginning of the termination on, or give connections a shorter life than the preStop sleep (nginx: keepalive_time, keepalive_requests). To close them only at the stop signal is too late for a request that is on its way: let clients send that again when a reused connection ends without a byte.',
    },
  }
}

function killEvidence(pods: readonly PodStory[]) {
  return pods.slice(0, 5).flatMap((pod) =>
    pod.exitSeenUs === undefined || pod.stopSignalUs === undefined
      ? []
      : [
          {
            atUs: pod.exitSeenUs,
            text: `${pod.name} exited with ${pod.exitCode ?? '?'} (${pod.exitReason ?? 'no reason'}) ${humanUs(
              pod.exitSeenUs - pod.stopSignalUs,
            )} after its stop signal; its grace is ${pod.graceSeconds} s`,
          },
        ],
  )
}
