import type { FrameEntry } from '../../recording/entry.ts'
import type { ViewState } from '../view-state.ts'
import { addFrame } from './counts.ts'
import { addToSeconds } from './second.ts'
import { addTags } from './tag-counts.ts'

/** The state after a frame; the gauges of one instant are summed over the threads. */
export function foldFrame(state: ViewState, frame: FrameEntry): ViewState {
  const { gauges } = state
  const isSameInstant = gauges.atUs === frame.atUs
  const users =
    frame.users === undefined ? undefined : frame.users + (isSameInstant ? (gauges.users ?? 0) : 0)
  return {
    ...state,
    ...(frame.byTag && { byTag: addTags(state.byTag, frame.byTag) }),
    all: addFrame(state.all, frame),
    seconds: addToSeconds(state.seconds, frame),
    gauges: {
      atUs: frame.atUs,
      inFlight: frame.inFlight + (isSameInstant ? gauges.inFlight : 0),
      connections: frame.connections + (isSameInstant ? gauges.connections : 0),
      ...(users !== undefined && { users }),
    },
  }
}
