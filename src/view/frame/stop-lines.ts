import { humanUs } from '../../base/units.ts'
import type { ViewState } from '../view-state.ts'
import { type Line, piece } from './line.ts'

const MOST_LINES = 3
const BAR = 10

/** The stop criteria that are nearest, each with how long it has held of the time it needs. */
export function stopLines({ stopProgress }: ViewState): readonly Line[] {
  const share = ({ heldUs, windowUs }: (typeof stopProgress)[number]) =>
    windowUs === 0 ? 0 : heldUs / windowUs
  return stopProgress
    .toSorted((left, right) => share(right) - share(left))
    .slice(0, MOST_LINES)
    .map((one): Line => {
      const full = Math.min(BAR, Math.round(share(one) * BAR))
      const tone = one.heldUs === 0 ? 'dim' : full === BAR ? 'bad' : 'warn'
      return [
        piece('stop       ', 'dim'),
        piece('█'.repeat(full), tone),
        piece('░'.repeat(BAR - full), 'dim'),
        piece(` ${one.text}`),
        piece(`  ${humanUs(one.heldUs)} of ${humanUs(one.windowUs)}`, tone),
        piece(one.seen === '' ? '' : `  ${one.seen}`, 'dim'),
      ]
    })
}
