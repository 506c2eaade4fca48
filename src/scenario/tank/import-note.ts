import type { Place, Problem } from '../../base/problem.ts'
import type { YamlDocument } from '../yaml-document.ts'

/** What became of one key of a Tank config. */
export interface ImportNote {
  readonly line: number
  readonly column: number
  /** `phantom.load_profile.schedule`. */
  readonly path: string
  /** `changed`: it is in the result, and means something else than it did. */
  readonly what: 'mapped' | 'changed' | 'dropped'
  readonly text: string
}

type Path = readonly (string | number)[]

/** Collects what becomes of the keys of a document, and the problems that stand in the way. */
export class ImportNotes {
  readonly notes: ImportNote[] = []
  readonly problems: Problem[] = []
  /** By the key of the result, `load.schedule`: what a person should read above it. */
  readonly comments = new Map<string, string[]>()
  readonly #document: YamlDocument

  constructor(document: YamlDocument) {
    this.#document = document
  }

  /** The key is `to` in the result. */
  mapped(path: Path, to: string): void {
    this.#note(path, 'mapped', to)
  }

  /** The key is `to` in the result, with a difference; it is said above `to` too. */
  changed(path: Path, to: string, text: string): void {
    this.#note(path, 'changed', `${to}: ${text}`)
    this.comment(to, text)
  }

  dropped(path: Path, text: string): void {
    this.#note(path, 'dropped', text)
  }

  comment(to: string, text: string): void {
    const lines = this.comments.get(to) ?? []
    if (!lines.includes(text)) lines.push(text)
    this.comments.set(to, lines)
  }

  problem(path: Path, code: string, message: string, hint?: string): void {
    this.problems.push({
      code,
      message: path.length === 0 ? message : `${pathText(path)}: ${message}`,
      ...(hint !== undefined && { hint }),
      place: this.#document.placeOf(path, 'value'),
    })
  }

  #note(path: Path, what: ImportNote['what'], text: string): void {
    const { line, column }: Place = this.#document.placeOf(path, 'key')
    this.notes.push({ line, column, path: pathText(path), what, text })
  }
}

const pathText = (path: Path): string =>
  path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${part}`))
    .join('')
