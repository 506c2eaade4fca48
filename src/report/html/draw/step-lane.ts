import { humanAt, humanUs } from '../../../base/units.ts'
import { element, type Markup } from '../markup.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { laneName } from './lane-name.ts'
import { clampedX, isVisible, tenth, type Viewport, xOf } from './viewport.ts'

/** Steps, one after the other, with their names where there is room. */
export function drawSteps(
  { steps }: Pick<Timeline, 'steps'>,
  name: string,
  viewport: Viewport,
  y: number,
): Markup {
  return element(
    'g',
    {},
    laneName(viewport, y + 15, name),
    steps.map((step) => {
      if (step.toUs < viewport.fromUs || step.fromUs > viewport.toUs) return undefined
      const x = clampedX(viewport, step.fromUs)
      const width = tenth(Math.max(3, clampedX(viewport, step.toUs) - x))
      const fits = width > step.label.length * 6.2 + 10
      const title = `${step.label}: ${step.state} after ${humanUs(step.toUs - step.fromUs)}, at ${humanAt(step.fromUs)} s`
      return [
        element(
          'rect',
          {
            class: `step ${step.disruptive ? 'disruptive' : ''}`,
            x,
            y: y + 3,
            width,
            height: 17,
            rx: 2,
          },
          element('title', {}, title),
        ),
        fits ? element('text', { class: 'step-name', x: x + 5, y: y + 15 }, step.label) : undefined,
      ]
    }),
    stepFlags({ steps }, viewport, y),
  )
}

/** The names of disruptive steps that are too short for them, beside the step, as far as there is room. */
function stepFlags({ steps }: Pick<Timeline, 'steps'>, viewport: Viewport, y: number) {
  let takenUntil = 0
  return steps
    .filter((step) => step.disruptive && isVisible(viewport, step.fromUs))
    .map((step) => {
      const x = xOf(viewport, step.fromUs)
      const width = step.label.length * 6.4 + 8
      if (clampedX(viewport, step.toUs) - x > width) return undefined
      const isRight = x - viewport.gutter < width
      const from = isRight ? x + 8 : x - width
      if (from < takenUntil) return undefined
      takenUntil = from + width
      return element(
        'text',
        {
          class: 'step-flag',
          x: tenth(isRight ? x + 8 : x - 5),
          y: y + 15,
          'text-anchor': isRight ? 'start' : 'end',
        },
        step.label,
      )
    })
}
