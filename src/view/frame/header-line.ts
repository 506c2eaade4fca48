import { humanUs } from '../../base/units.ts'
import type { ViewState } from '../view-state.ts'
import { fitLine, type Line, lineWidth, piece, type Tone } from './line.ts'

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
          piece(phase, PHASE_TONES[phase] ?? 'plain'),
        ]),
    ...(isFrozen ? [piece('  FROZEN', 'accent')] : []),
  ]
  const share = Math.min(1, state.nowUs / Math.max(1, state.plannedDurationUs))
  const full = Math.round(share * BAR)
  const progress: Line = [
    piece(`${humanUs(state.nowUs)} of ${humanUs(state.plannedDurationUs)} `),
    piece('█'.repeat(full), 'accent'),
    piece('░'.repeat(BAR - full), 'dim'),
  ]
  const room = columns - lineWidth(progress) - 1
  return room < 20 ? what : [...fitLine(what, room), piece(' '), ...progress]
}
