import type { Problem } from '../base/problem.ts'
import { EXIT } from '../verdict/exit-code.ts'

const BY_CODE: Readonly<Record<string, number>> = {
  refused: EXIT.refused,
  'refused-namespace': EXIT.refused,
  'target-locked': EXIT.refused,
  'foreign-record': EXIT.refused,
  'too-few-descriptors': EXIT.refused,
  'too-few-ports': EXIT.refused,
  'recording-not-writable': EXIT.inconclusive,
  'outputs-not-writable': EXIT.inconclusive,
  'not-restored': EXIT.notRestored,
  interrupted: EXIT.interrupted,
  terminated: EXIT.terminated,
}

/** Of the cluster, or of what the load goes to. */
const OF_THE_OTHER_SIDE = new Set([
  'cluster-unreachable',
  'kubeconfig',
  'forbidden',
  'api-call-failed',
  'no-namespace',
  'workload-not-found',
  'workload-not-available',
  'no-address',
  'no-answer',
  'dns',
  'target-not-reachable',
  'port-in-use',
  'cannot-listen',
  'no-loopback-addresses',
  'lab-failed',
  'lock-lost',
  'guardian-failed',
])

/** The exit code for a problem that kept a run from being judged. */
export const exitCodeOfProblem = ({ code }: Problem): number =>
  BY_CODE[code] ?? (OF_THE_OTHER_SIDE.has(code) ? EXIT.cluster : EXIT.usage)
