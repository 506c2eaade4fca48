import type { Zoom } from './zoom.ts'

const ZOOM = /(?:^|&)t=(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(?:&|$)/
const WINDOW = /(?:^|&)window=(\d+)(?:&|$)/

/** Keeps the zoom and the selected window in the URL's fragment, so that a link leads to the same picture. */
export function keepInFragment(zoom: Zoom): void {
  readFragment(zoom)
  window.addEventListener('hashchange', () => readFragment(zoom))
  zoom.onChange(() => writeFragment(zoom))
}

function readFragment(zoom: Zoom): void {
  const fragment = window.location.hash.slice(1)
  const [, from, to] = ZOOM.exec(fragment) ?? []
  const [, number] = WINDOW.exec(fragment) ?? []
  if (from === undefined || to === undefined) return
  zoom.show(Number(from) * 1e6, Number(to) * 1e6, number === undefined ? undefined : Number(number))
}

function writeFragment(zoom: Zoom): void {
  const isOurs = window.location.hash === '' || ZOOM.test(window.location.hash.slice(1))
  if (!isOurs && zoom.isWhole) return
  const seconds = (us: number) => String(Math.round(us / 1e3) / 1e3)
  const selected = zoom.selected === undefined ? '' : `&window=${zoom.selected}`
  const fragment = zoom.isWhole ? '' : `#t=${seconds(zoom.fromUs)}-${seconds(zoom.toUs)}${selected}`
  if (fragment === window.location.hash) return
  window.history.replaceState(
    null,
    '',
    `${window.location.pathname}${window.location.search}${fragment}`,
  )
}
