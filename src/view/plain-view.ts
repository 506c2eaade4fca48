import { sanitize } from '../base/sanitize.ts'
import { humanAt } from '../base/units.ts'
import type { RunView } from './run-view.ts'

/** Placeholder until the real one is there. */
export function startPlainView(write: (line: string) => void): RunView {
  return {
    entry: (entry) => { if (entry.kind !== 'frame') write(`${entry.kind} ${sanitize(JSON.stringify(entry).slice(0, 150))}`) },
    close: () => Promise.resolve(void humanAt(0)),
  }
}
