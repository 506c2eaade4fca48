import { DATA_ID, type PageData } from '../page-data.ts'
import { createAxis } from './axis.ts'
import { wireCopyButtons } from './copy.ts'
import { keepInFragment } from './fragment.ts'
import { wireTheme } from './theme.ts'
import { wireWindows } from './windows.ts'
import { createZoom } from './zoom.ts'

/** Gives the report what a file without script cannot have: zoom, cursor, copying, the choice of colours. */
function start(): void {
  const text = document.getElementById(DATA_ID)?.textContent
  if (text === undefined || text === '') return
  const { timeline } = JSON.parse(text) as PageData
  document.documentElement.classList.add('scripted')
  for (const hidden of document.querySelectorAll<HTMLElement>('.script-only')) hidden.hidden = false
  const zoom = createZoom(timeline.lengthUs, timeline.series.binUs)
  const axis = createAxis(timeline, zoom)
  wireTheme(() => axis.rebuild())
  wireCopyButtons()
  wireWindows(timeline, zoom)
  keepInFragment(zoom)
  wireZoomOut(() => zoom.showAll(), zoom)
  let width = document.documentElement.clientWidth
  window.addEventListener('resize', () => {
    if (document.documentElement.clientWidth === width) return
    width = document.documentElement.clientWidth
    axis.rebuild()
  })
}

function wireZoomOut(
  showAll: () => void,
  zoom: { readonly isWhole: boolean; onChange(listener: () => void): void },
): void {
  const button = document.getElementById('zoom-out')
  button?.addEventListener('click', showAll)
  zoom.onChange(() => {
    if (button) button.hidden = zoom.isWhole
  })
}

start()
