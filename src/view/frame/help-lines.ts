import type { ViewState } from '../view-state.ts'
import { LANE_SIGNS } from './pod-lanes.ts'
import { left, type Line, piece } from './line.ts'

const KEYS: readonly (readonly [string, string])[] = [
  ['?', 'this help'],
  ['q', 'leave this view; the run goes on with plain lines'],
  ['x', 'stop the load, put back what was changed, report (asks once)'],
  ['Ctrl-C', 'the same at once; a second time hurries'],
  ['f', 'freeze the picture; the run goes on'],
  ['+  -', 'finer or coarser time scale; 0 the whole run'],
]

const WATCH_KEYS: typeof KEYS = [
  ['?', 'this help'],
  ['q', 'leave this view; the watch goes on with plain lines'],
  ['x', 'stop watching (asks once)'],
  ['Ctrl-C', 'the same at once'],
  ['f', 'freeze the picture; the watch goes on'],
  ['+  -', 'finer or coarser time scale; 0 the whole time'],
]

/** What keys and signs mean; load alone has no lanes, and pods alone have no bars. */
export const helpLines = ({ isLoadAlone, isPodsOnly }: HelpNeeds): readonly Line[] => [
  [piece('Keys', 'strong')],
  ...(isPodsOnly ? WATCH_KEYS : KEYS).map(explained),
  [],
  ...(isLoadAlone
    ? []
    : [[piece('Lanes of pods', 'strong')], ...signsOf(isPodsOnly).map(explained), []]),
  ...(isPodsOnly
    ? []
    : [[piece('Bars show the highest of their time: no spike is averaged away.', 'dim')]]),
]

const signsOf = (isPodsOnly: boolean): typeof LANE_SIGNS =>
  isPodsOnly ? LANE_SIGNS.filter(([sign]) => sign !== '!') : LANE_SIGNS

type HelpNeeds = Pick<ViewState, 'isLoadAlone' | 'isPodsOnly'>

const explained = ([sign, meaning]: readonly [string, string]): Line => [
  piece(`  ${left(sign, 8)}`, 'accent'),
  piece(meaning),
]
