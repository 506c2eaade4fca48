import type { Random } from '../../src/base/random.ts'

/** What is done to the generator while it runs. */
export type Disturbance =
  | { readonly kind: 'none' }
  /** Its worker's event loop stands still for so long, so often. */
  | { readonly kind: 'stalls'; readonly stallMs: number; readonly everyMs: number }
  /** Other processes want its core. */
  | { readonly kind: 'hogs'; readonly count: number }
  | { readonly kind: 'pool'; readonly connections: number }
  /** There are so few local ports, and none is used again. */
  | { readonly kind: 'ports'; readonly count: number }
  | { readonly kind: 'descriptors'; readonly limit: number }
  /** The whole program is stopped (SIGSTOP) for so long, once. */
  | { readonly kind: 'pause'; readonly pauseMs: number }

export interface GateCase {
  readonly disturbance: Disturbance
  /** Flags of `podtank load` that say how much and over which connections. */
  readonly load: readonly string[]
  /** How long the server takes for each answer. */
  readonly serviceMs: number
  /** False: it answers each request with `Connection: close`, and leaves the closing to us. Absent: true. */
  readonly serverKeeps?: boolean
}

export const SECONDS = 3

/** A hundred seeded cases, in mixed order: 40 undisturbed and 60 disturbed ones. */
export function gateCases(random: Random): readonly GateCase[] {
  const whole = (low: number, high: number) => low + Math.floor(random.next() * (high - low + 1))
  const rate = (low: number, high: number) => ['-s', `const(${whole(low, high)},${SECONDS}s)`]
  const users = () => ['-u', String(whole(2, 20)), '--duration', `${SECONDS}s`]
  const connections = (at: number) => [
    '--connections',
    at % 3 === 0 ? 'new' : at % 3 === 1 ? 'both' : 'reuse',
  ]
  const load = (at: number) => [...(at % 5 === 4 ? users() : rate(100, 1_000)), ...connections(at)]
  const of = (
    count: number,
    one: (at: number) => Partial<GateCase> & Pick<GateCase, 'disturbance'>,
  ) =>
    Array.from({ length: count }, (_, at): GateCase => ({
      load: load(at),
      serviceMs: whole(1, 20),
      ...one(at),
    }))
  const cases = [
    ...of(40, () => ({ disturbance: { kind: 'none' } })),
    ...of(24, (at) => ({
      disturbance: {
        kind: 'stalls',
        stallMs: [5, 20, 50, 100][at % 4] ?? 5,
        everyMs: [100, 200, 500][at % 3] ?? 100,
      },
    })),
    ...of(12, (at) => ({ disturbance: { kind: 'hogs', count: 2 + (at % 3) } })),
    // One connection and 10 ms an answer are 100 answers a second at most.
    ...of(8, (at) => ({
      disturbance: { kind: 'pool', connections: 1 + (at % 2) },
      load: rate(300, 600),
      serviceMs: 10,
    })),
    // With new connections it is refused before it starts; that the server will keep none nobody knows before.
    ...of(6, (at) => ({
      disturbance: { kind: 'ports', count: 100 },
      load: [...rate(100, 400), '--connections', at % 2 === 0 ? 'new' : 'reuse'],
      serverKeeps: at % 2 === 0,
    })),
    ...of(4, (at) => ({
      disturbance: { kind: 'descriptors', limit: 60 + at * 10 },
      load: [...rate(500, 1_000), '--connections', 'new'],
      serviceMs: 200,
    })),
    ...of(6, (at) => ({ disturbance: { kind: 'pause', pauseMs: 100 + at * 200 } })),
  ]
  return shuffled(cases, random)
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, key: random.next() }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ item }) => item)
}
