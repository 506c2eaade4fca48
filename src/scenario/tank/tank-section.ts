import { nearestWord } from '../../base/nearest.ts'
import type { ImportNotes } from './import-note.ts'

export type TankMap = Readonly<Record<string, unknown>>
export type TankPath = readonly (string | number)[]

export const isMap = (value: unknown): value is TankMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A scalar as a text, as Tank's INI heritage takes it: `1` and `'1'` are the same; undefined when it is none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).trim()
    : undefined
}

/** `true`, `1`, `yes`, `on` in any case. */
export const isOn = (value: unknown): boolean =>
  ['true', '1', 'yes', 'on'].includes((textOf(value) ?? '').toLowerCase())

/** A whole number from a scalar; undefined when it is none. */
export function wholeOf(value: unknown): number | undefined {
  const text = textOf(value) ?? ''
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** A section whose keys are asked for one by one, so that those nobody asked for can be named. */
export class TankSection {
  readonly path: TankPath
  readonly notes: ImportNotes
  readonly #map: TankMap
  readonly #asked = new Set<string>()

  constructor(map: TankMap, path: TankPath, notes: ImportNotes) {
    this.#map = map
    this.path = path
    this.notes = notes
  }

  /** A key's value; undefined when it is not there, or empty. */
  take(key: string): unknown {
    this.#asked.add(key)
    const value = Object.hasOwn(this.#map, key) ? this.#map[key] : undefined
    return value === null || value === '' ? undefined : value
  }

  at(...more: TankPath): TankPath {
    return [...this.path, ...more]
  }

  /** Names each key that is there and known to mean nothing here. */
  drop(reasons: Readonly<Record<string, string>>): void {
    for (const [key, reason] of Object.entries(reasons)) {
      if (Object.hasOwn(this.#map, key)) this.notes.dropped(this.at(key), reason)
      this.#asked.add(key)
    }
  }

  /** Names each key that nobody asked for. */
  dropUnknown(): void {
    for (const key of Object.keys(this.#map)) {
      if (this.#asked.has(key)) continue
      const near = nearestWord(key, [...this.#asked])
      this.notes.dropped(
        this.at(key),
        near === undefined
          ? 'not a key that is known here'
          : `not a key that is known here; did you mean "${near}"?`,
      )
    }
  }
}
