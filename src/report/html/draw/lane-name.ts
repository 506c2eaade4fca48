import { element, type Markup } from '../markup.ts'
import type { Viewport } from './viewport.ts'

/** A lane's name in the gutter. */
export const laneName = (viewport: Viewport, y: number, text: string, title = text): Markup =>
  element(
    'text',
    { class: 'lane-name', x: viewport.gutter - 8, y, 'text-anchor': 'end' },
    shortened(text, Math.floor((viewport.gutter - 8) / 6.7)),
    element('title', {}, title),
  )

/** Keeps the end of a name: pods of a Deployment differ in it. */
const shortened = (text: string, length: number): string =>
  text.length <= length ? text : `…${text.slice(1 - length)}`
