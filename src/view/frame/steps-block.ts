import { humanUs } from '../../base/units.ts'
import type { StepLane, ViewState } from '../view-state.ts'
import { type Line, type Piece, piece, type Tone } from './line.ts'

const LOOKS = {
  planned: { sign: '·', tone: 'dim' },
  started: { sign: '▶', tone: 'accent' },
  done: { sign: '✓', tone: 'good' },
  failed: { sign: '✗', tone: 'bad' },
  skipped: { sign: '–', tone: 'dim' },
  restoring: { sign: '↺', tone: 'accent' },
  restored: { sign: '↺', tone: 'good' },
  'not-restored': { sign: '✗', tone: 'bad' },
} as const satisfies Record<StepLane['state'], { sign: string; tone: Tone }>

/** All steps in one line, from a little before the present one on. */
export function stepsLine(state: ViewState): Line {
  const current = Math.max(0, currentStep(state) - 1)
  const before: readonly Piece[] = current > 0 ? [piece('… ', 'dim')] : []
  const steps = state.steps
    .slice(current)
    .flatMap((step) => [...stepPieces(step, state.nowUs), piece('  ')])
  return [piece('steps  ', 'dim'), ...before, ...steps]
}

/** A step a line, the present one among them. */
export function stepsBlock(state: ViewState, lines: number): readonly Line[] {
  const room = Math.max(0, lines - 1)
  const from = Math.max(0, Math.min(currentStep(state) - 1, state.steps.length - room))
  return [
    [piece('steps', 'strong')],
    ...state.steps.slice(from, from + room).map((step) => stepPieces(step, state.nowUs)),
  ]
}

/** The latest step that has begun. */
const currentStep = ({ steps }: ViewState): number =>
  Math.max(
    0,
    steps.findLastIndex(({ state }) => state !== 'planned'),
  )

function stepPieces(step: StepLane, nowUs: number): readonly Piece[] {
  const { sign, tone } = LOOKS[step.state]
  const took =
    step.startedUs === undefined ? '' : ` ${humanUs((step.endedUs ?? nowUs) - step.startedUs)}`
  const state = step.state.includes('restor') ? ` (${step.state.replace('-', ' ')})` : ''
  return [
    piece(`${sign} `, tone),
    piece(step.label, step.disruptive ? 'strong' : 'plain'),
    piece(`${took}${state}`, 'dim'),
  ]
}
