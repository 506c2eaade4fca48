import { PATTERN_LINES } from '../draw/patterns.ts'
import { colour } from './theme.ts'

const SIZE = 8

/** The fill of a failure class on a canvas: its colour with its lines, as in the static drawings. */
export function failurePattern(at: number): CanvasPattern | string {
  const tile = document.createElement('canvas')
  tile.width = SIZE
  tile.height = SIZE
  const context = tile.getContext('2d')
  const ground = colour(`fail-${at}`)
  if (!context) return ground
  context.fillStyle = ground
  context.fillRect(0, 0, SIZE, SIZE)
  context.strokeStyle = colour('surface')
  context.lineWidth = 1.4
  context.stroke(new Path2D(PATTERN_LINES[at] ?? ''))
  return context.createPattern(tile, 'repeat') ?? ground
}
