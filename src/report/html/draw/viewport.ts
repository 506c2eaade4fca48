import { US_PER_SECOND } from '../../../base/units.ts'

/** Which part of the run is drawn, and on how many pixels. */
export interface Viewport {
  readonly width: number
  /** Room on the left for names and axes. */
  readonly gutter: number
  readonly fromUs: number
  readonly toUs: number
}

export const RIGHT_MARGIN = 14

/** Where an instant lies, in px; may be outside of the drawing. */
export const xOf = ({ width, gutter, fromUs, toUs }: Viewport, atUs: number): number =>
  gutter + ((atUs - fromUs) / (toUs - fromUs)) * (width - gutter - RIGHT_MARGIN)

/** Like {@link xOf}, never outside of the drawing; to a tenth of a pixel. */
export function clampedX(viewport: Viewport, atUs: number): number {
  const right = viewport.width - RIGHT_MARGIN
  return tenth(Math.min(right, Math.max(viewport.gutter, xOf(viewport, atUs))))
}

export const isVisible = ({ fromUs, toUs }: Viewport, atUs: number): boolean =>
  atUs >= fromUs && atUs <= toUs

export const tenth = (pixels: number): number => Math.round(pixels * 10) / 10

/** Round values from `low` to `high`, about `count` of them. */
export function roundSteps(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count)
  if (!(rough > 0)) return [low]
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power
  const first = Math.ceil(low / step)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => (first + at) * step)
}

/** The instants to name on the time axis. */
export function timeTicks(viewport: Viewport): { readonly atUs: number; readonly text: string }[] {
  const room = Math.max(2, Math.floor((viewport.width - viewport.gutter) / 90))
  const seconds = roundSteps(viewport.fromUs / US_PER_SECOND, viewport.toUs / US_PER_SECOND, room)
  const step = (seconds[1] ?? 1) - (seconds[0] ?? 0)
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  return seconds.map((second) => ({
    atUs: second * US_PER_SECOND,
    text: `${second.toFixed(Math.min(6, digits))} s`,
  }))
}
