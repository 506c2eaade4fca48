import type { ViewState } from './view-state.ts'

/** What the keys have made of the view. */
export interface ViewKeys {
  readonly isHelpOpen: boolean
  /** Present: this state is drawn, whatever happens. */
  readonly frozen?: ViewState
  /** Steps of the time scale finer (above 0) or coarser than the one at which the run fits. */
  readonly zoom: number
  /** x was pressed once. */
  readonly isStopAsked: boolean
  readonly isStopping: boolean
}

export const NO_KEYS: ViewKeys = {
  isHelpOpen: false,
  zoom: 0,
  isStopAsked: false,
  isStopping: false,
}

const MOST_ZOOM = 10

/** The view after a key; pure. Keys without a meaning only take back the question of x. */
export function pressKey(keys: ViewKeys, key: string, state: ViewState): ViewKeys {
  if (key === 'x' && keys.isStopAsked) return { ...keys, isStopAsked: false, isStopping: true }
  const { frozen, ...calm } = { ...keys, isStopAsked: false }
  const still = frozen ? { ...calm, frozen } : calm
  switch (key) {
    case 'x':
      return { ...still, isStopAsked: !keys.isStopping }
    case '?':
      return { ...still, isHelpOpen: !keys.isHelpOpen }
    case 'f':
      return frozen ? calm : { ...calm, frozen: state }
    case '+':
    case '=':
      return { ...still, zoom: Math.min(MOST_ZOOM, keys.zoom + 1) }
    case '-':
      return { ...still, zoom: Math.max(-MOST_ZOOM, keys.zoom - 1) }
    case '0':
      return { ...still, zoom: 0 }
    default:
      return still
  }
}
