import { isLoadAlone, type Recording } from '../recording/recording.ts'
import type { Analysis } from './analysis.ts'
import { attributeFailures, describeCauses } from './attribute-failures.ts'
import { drainSummary, shutdownAdvice } from './drain.ts'
import { failureWindows } from './failure-windows.ts'
import { gatherFacts } from './gather-facts.ts'
import { podStories } from './pod-stories.ts'

/** Finds out of a recording which harm came from which cause; pure. */
export function analyse(recording: Recording): Analysis {
  const pods = podStories(recording)
  const facts = gatherFacts(recording, pods)
  const causeOf = attributeFailures(recording.failures, facts, isLoadAlone(recording))
  const loadEndedUs = recording.frames.at(-1)?.atUs ?? 0
  const drain = drainSummary(pods, recording.failures, causeOf, loadEndedUs)
  const advice = shutdownAdvice(drain, causeOf, facts)
  return {
    windows: failureWindows(recording, causeOf),
    causes: describeCauses(recording.failures, causeOf, { ...facts, ...(advice && { advice }) }),
    causeOf,
    pods,
    drain,
    ...(advice && { advice }),
  }
}
