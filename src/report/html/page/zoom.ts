/** The part of the run that is shown, and the window that is selected; one for the whole page. */
export interface Zoom {
  readonly fromUs: number
  readonly toUs: number
  readonly isWhole: boolean
  readonly selected: number | undefined
  /** Shows a part; clipped to the run, and never shorter than a bin. */
  show(fromUs: number, toUs: number, selected?: number): void
  showAll(): void
  /** Calls back at each change, and once at the beginning. */
  onChange(listener: () => void): void
}

/** A zoom that shows the whole run. */
export function createZoom(lengthUs: number, shortestUs: number): Zoom {
  const listeners: (() => void)[] = []
  let fromUs = 0
  let toUs = lengthUs
  let selected: number | undefined

  const change = (nextFromUs: number, nextToUs: number, nextSelected: number | undefined) => {
    const length = Math.min(lengthUs, Math.max(shortestUs * 4, nextToUs - nextFromUs))
    const middle = (nextFromUs + nextToUs) / 2
    fromUs = Math.min(lengthUs - length, Math.max(0, middle - length / 2))
    toUs = fromUs + length
    selected = nextSelected
    for (const listener of listeners) listener()
  }
  return {
    get fromUs() {
      return fromUs
    },
    get toUs() {
      return toUs
    },
    get isWhole() {
      return toUs - fromUs >= lengthUs
    },
    get selected() {
      return selected
    },
    show: (nextFromUs, nextToUs, nextSelected) => change(nextFromUs, nextToUs, nextSelected),
    showAll: () => change(0, lengthUs, undefined),
    onChange(listener) {
      listeners.push(listener)
      listener()
    },
  }
}
