/** Who ended a run that did not end by itself. */
export type Killer = 'probe' | 'post-start' | 'pod'

/** What a kill is to be like. */
export interface StopOrder {
  /** Of the `Killing` event. */
  readonly message: string
  readonly graceSeconds: number
  /** Resolves when the signal may be sent; absent: at once. */
  readonly turn?: Promise<unknown>
}
