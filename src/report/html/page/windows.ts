import type { Timeline } from '../timeline/timeline.ts'
import type { Zoom } from './zoom.ts'

/** Opening a window zooms to it; choosing one in the charts opens it. */
export function wireWindows({ windows }: Timeline, zoom: Zoom): void {
  const cards = new Map(
    [...document.querySelectorAll<HTMLDetailsElement>('details[data-window]')].map((card) => [
      Number(card.dataset['window']),
      card,
    ]),
  )
  const select = (number: number) => {
    const window = windows.find((candidate) => candidate.number === number)
    if (!window) return
    const roomUs = Math.max(1_000_000, window.toUs - window.fromUs)
    zoom.show(window.fromUs - roomUs, window.toUs + roomUs, number)
  }
  for (const [number, card] of cards) {
    card.querySelector('summary')?.addEventListener('click', (event) => {
      event.preventDefault()
      if (card.open) {
        card.open = false
        zoom.showAll()
      } else select(number)
    })
  }
  document.addEventListener('window-chosen', (event) => {
    const number: unknown = event instanceof CustomEvent ? event.detail : undefined
    if (typeof number === 'number') select(number)
  })
  zoom.onChange(() => {
    for (const [number, card] of cards) {
      card.classList.toggle('selected', number === zoom.selected)
      if (number === zoom.selected) card.open = true
    }
  })
}
