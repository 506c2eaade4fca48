/** A mistake or an obstacle that a person can do something about. */
export interface Problem {
  /** Stable, in kebab-case; tests and scripts may rely on it, the wording may improve. */
  readonly code: string
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  /** Where in a file, when the problem is in one. */
  readonly place?: Place
}

/** A place in a text file; line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  /** The line itself, so that a printer can put a caret under it. */
  readonly text: string
  /** Characters to underline; at least 1. */
  readonly length: number
}
