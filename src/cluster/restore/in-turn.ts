/** Runs work of the same key one after another, in the order in which it was asked for; of other keys at the same time. */
export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>

/** Its own queues; work that fails does not hold up what follows. */
export function inTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const next = (last.get(key) ?? Promise.resolve()).then(work, work)
    last.set(
      key,
      next.catch(() => undefined),
    )
    return next
  }
}
