import type { LoadSpec, StopCriterion } from '../../scenario/scenario.ts'
import type { HostHealth } from '../host-health.ts'
import { FRAME_US, type LoadFrame } from '../load-frame.ts'
import type { Evaluator, StopProgress } from './evaluator.ts'
import { evaluatorOf } from './evaluator-of.ts'
import { type Slice, SliceGatherer } from './gather-slices.ts'
import type { StopFired } from './stop-fired.ts'
import { TANK_EXIT_CODES } from './tank-exit-code.ts'

/** Watches a load for the criteria that shall end it. The first that holds is given, once. */
export interface StopWatch {
  /** Frames of one thread come in order. */
  frame(frame: LoadFrame): StopFired | undefined
  host(health: HostHealth): StopFired | undefined
  /** How near each criterion is, in their order. */
  progress(): readonly CriterionProgress[]
}

export interface CriterionProgress extends StopProgress {
  /** As the file has it. */
  readonly text: string
}

/** What is watched: the load as it was planned, and how many threads make it. */
export interface WatchedLoad {
  readonly load: LoadSpec
  readonly threads: number
}

/**
 * Starts a watch. The load begins where the first frame does; the criteria are judged each 100 ms, as soon as every
 * thread has told them.
 */
export function stopWatch(
  criteria: readonly StopCriterion[],
  { load, threads }: WatchedLoad,
): StopWatch {
  const judges = criteria.map((criterion) => ({
    criterion,
    evaluator: evaluatorOf(criterion, load),
  }))
  let gatherer: SliceGatherer | undefined
  let lastHost: HostHealth | undefined
  let isOver = judges.length === 0

  const judge = (slices: readonly Slice[]): StopFired | undefined => {
    for (const slice of slices) {
      const fired = firstThatHolds(judges, slice, lastHost)
      if (!fired) continue
      isOver = true
      return fired
    }
    return undefined
  }

  return {
    frame(frame) {
      if (isOver) return undefined
      gatherer ??= new SliceGatherer(frame.atUs, threads)
      return judge(gatherer.add(frame))
    },
    host(health) {
      lastHost = health
      return isOver || !gatherer ? undefined : judge(gatherer.passed(health.atUs))
    },
    progress: () =>
      judges.map(({ criterion, evaluator }) => ({
        text: criterion.text,
        ...evaluator.progress(),
      })),
  }
}

interface Judge {
  readonly criterion: StopCriterion
  readonly evaluator: Evaluator
}

/** Every evaluator sees every slice, also after one that holds. */
function firstThatHolds(
  judges: readonly Judge[],
  slice: Slice,
  host: HostHealth | undefined,
): StopFired | undefined {
  const [first] = judges.flatMap(({ criterion, evaluator }) => {
    const held = evaluator.push(slice, host)
    return held ? [{ criterion, held }] : []
  })
  if (!first) return undefined
  const { criterion, held } = first
  return {
    atUs: slice.atUs + FRAME_US,
    criterion: criterion.text,
    criterionKind: criterion.kind,
    tankExitCode: TANK_EXIT_CODES[criterion.kind],
    ...held,
  }
}
