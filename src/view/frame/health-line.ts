import { sparseQuantile } from '../../base/histogram.ts'
import { humanCount, humanUs } from '../../base/units.ts'
import { podsReady, podsThere } from '../status-line.ts'
import type { ViewState } from '../view-state.ts'
import { type Line, type Piece, piece, type Tone } from './line.ts'

/** Above the first the generator deserves a look, above the second the run will be inconclusive (design 7). */
const SEND_LAG_US = [5_000, 20_000] as const
const LOOP_DELAY_US = [10_000, 50_000] as const

/** How the generator is: a late one makes the figures worth nothing. */
export function healthLine({ all, gauges }: ViewState): Line {
  const lagUs = sparseQuantile(all.sendLag, 0.99) ?? 0
  const notSent = Object.values(all.notSent).reduce((sum, count) => sum + count, 0)
  return [
    piece('generator  ', 'dim'),
    piece(`send lag p99 ${humanUs(lagUs)}`, toneOf(lagUs, SEND_LAG_US)),
    piece(`  late ${humanCount(all.late)}`, all.late > 0 ? 'warn' : 'plain'),
    piece(`  not sent ${humanCount(notSent)}`, notSent > 0 ? 'bad' : 'plain'),
    piece(`  loop ${humanUs(all.loopDelayUs)}`, toneOf(all.loopDelayUs, LOOP_DELAY_US)),
    piece(`  in flight ${humanCount(gauges.inFlight)}`),
    ...(gauges.users === undefined ? [] : [piece(`  users ${humanCount(gauges.users)}`)]),
  ]
}

const BUSY_SHARE = [0.8, 0.95] as const
const STEAL_SHARE = [0.01, 0.05] as const

/** How this machine is, as far as it can be known: a busy one makes a late generator. */
export function hostLine({ host, gauges }: ViewState): Line {
  const share = (
    name: string,
    value: number | undefined,
    limits: readonly [number, number],
  ): readonly Piece[] =>
    value === undefined
      ? []
      : [piece(`  ${name} ${Math.round(value * 100)} %`, toneOf(value, limits))]
  const of = (name: string, value: number | undefined, limit: number | undefined) =>
    value === undefined || limit === undefined
      ? []
      : [piece(`  ${name} ${humanCount(value)}/${humanCount(limit)}`)]
  return [
    piece('machine    ', 'dim'),
    piece(`connections ${humanCount(gauges.connections)}`),
    ...share('cpu', host?.busyShare, BUSY_SHARE),
    ...share('steal', host?.stealShare, STEAL_SHARE),
    ...of('files', host?.fds, host?.fdLimit),
    ...of('ports', host?.ports, host?.portRange),
  ]
}

const toneOf = (us: number, [warn, bad]: readonly [number, number]): Tone =>
  us > bad ? 'bad' : us > warn ? 'warn' : 'good'

/** How many pods and endpoints there are, and whether all of it is being watched. */
export function clusterLine(state: ViewState): Line {
  const ready = state.endpoints.at(-1)?.ready
  return [
    piece('cluster    ', 'dim'),
    piece(
      `pods ${podsReady(state)}/${state.wantedReplicas ?? (state.isPodsOnly ? podsThere(state) : '?')} ready`,
    ),
    piece(`  endpoints ${ready ?? '?'}`, ready === 0 ? 'bad' : 'plain'),
    piece(
      state.gaps.length === 0 ? '  watch gaps none' : `  watch gaps ${state.gaps.length}`,
      state.gaps.length === 0 ? 'plain' : 'warn',
    ),
    ...(state.isPodsOnly ? [] : [piece(`  connections ${humanCount(state.gauges.connections)}`)]),
  ]
}
