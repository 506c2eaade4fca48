import { humanUs } from '../../base/units.ts'
import type { ViewState } from '../view-state.ts'
import { fitLine, type Line, lineWidth, type Piece, piece, type Tone } from './line.ts'

const PHASE_TONES: Readonly<Record<string, Tone>> = {
  steady: 'good',
  disruption: 'warn',
  restore: 'accent',
}

const BAR = 16

/** What runs where, its phase, and how far the load is. */
export function headerLine(state: ViewState, columns: number, isFrozen: boolean): Line {
  const phase = state.phase ?? 'starting'
  const what: Line = [
    ...(state.isLoadAlone
      ? [piece(state.scenario, 'strong'), piece(` to ${state.address}`)]
      : [
          piece(`${state.scenario} on ${state.cluster}  `, 'strong'),
          state.isPodsOnly ? watching(state) : piece(phase, PHASE_TONES[phase] ?? 'plain'),
        ]),
    ...(isFrozen ? [piece('  FROZEN', 'accent')] : []),
  ]
  const progress = progressOf(state)
  const room = columns - lineWidth(progress) - 1
  return room < 20 ? what : [...fitLine(what, room), piece(' '), ...progress]
}

const watching = ({ phase, isBlind }: ViewState): Piece => {
  if (phase === undefined) return piece('starting')
  return isBlind ? piece('BLIND: the API does not answer', 'bad') : piece('watching', 'good')
}

function progressOf({ nowUs, plannedDurationUs, endsWithSteps, isPodsOnly }: ViewState): Line {
  if (isPodsOnly && plannedDurationUs === 0) return [piece(humanUs(nowUs))]
  if (endsWithSteps) return [piece(`${humanUs(nowUs)}, at most ${humanUs(plannedDurationUs)}`)]
  const full = Math.round(Math.min(1, nowUs / Math.max(1, plannedDurationUs)) * BAR)
  return [
    piece(`${humanUs(nowUs)} of ${humanUs(plannedDurationUs)} `),
    piece('█'.repeat(full), 'accent'),
    piece('░'.repeat(BAR - full), 'dim'),
  ]
}
