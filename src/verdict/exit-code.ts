import type { EndEntry } from '../recording/entry.ts'
import type { Verdict } from './verdict.ts'

/** Every exit code of podtank. 1 is none of them: Node uses it for crashes. */
export const EXIT = {
  passed: 0,
  /** The command line or the scenario is wrong. */
  usage: 2,
  /** The cluster or the target is not reachable, or it refused us. */
  cluster: 3,
  /** An expectation failed. */
  failed: 10,
  inconclusive: 11,
  /** Something could not be put back; overrides all others. */
  notRestored: 12,
  /** Refused by a safety guard. */
  refused: 13,
  /** A stop criterion held. */
  stopped: 14,
  /** A step failed. */
  stepFailed: 16,
  /** A bug of ours. */
  bug: 70,
  /** Ctrl-C, and put back. */
  interrupted: 130,
  /** SIGTERM, and put back. */
  terminated: 143,
} as const

/** The exit code of a run, by its verdict and its end; a run without an end was cut short. */
export function exitCodeOf(outcome: Verdict['outcome'], end: EndEntry | undefined): number {
  if (end && end.notRestored.length > 0) return EXIT.notRestored
  switch (outcome) {
    case 'passed':
      return EXIT.passed
    case 'failed':
      return EXIT.failed
    case 'inconclusive':
      return EXIT.inconclusive
    case 'aborted':
      return abortedCode(end)
  }
}

function abortedCode(end: EndEntry | undefined): number {
  if (end?.reason === 'step-failed') return EXIT.stepFailed
  if (end?.reason === 'stopped') return EXIT.stopped
  if (end?.reason === 'error') return EXIT.bug
  return end?.signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted
}
