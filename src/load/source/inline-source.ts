import type { PreparedRequest } from '../prepared-request.ts'
import type { ThreadShare } from '../load-plan.ts'
import type { RequestSource } from '../request-source.ts'

/** Makes request number `seq`: one that is always the same, or a new one. */
export type RequestMaker = (seq: number) => PreparedRequest

/**
 * The requests of a list, in an order that repeats. `isPaired`: of this thread's requests two after one another are the
 * same, one for a new and one for a reused connection. Nothing is allocated for requests without variables.
 */
export function inlineSource(
  makers: readonly RequestMaker[],
  order: readonly number[],
  share: ThreadShare,
  isPaired: boolean,
): RequestSource {
  const inOrder = order.flatMap((at) => makers[at] ?? [])
  return {
    skipped: 0,
    problem: undefined,
    next(seq) {
      const place = isPaired
        ? Math.floor(Math.floor(seq / share.count) / 2) * share.count + share.index
        : seq
      return inOrder[place % inOrder.length]?.(seq) ?? 'ended'
    },
    close: () => undefined,
  }
}
