import type { Probe } from '../../api/kinds/pod.ts'
import type { ProbeResult, ProbeTarget } from './run-probe.ts'
import { runProbe } from './run-probe.ts'

/** One probe of one run of a container, again and again. */
export interface ProbeWorker {
  /** Probes now, besides the regular times; not while a probe is under way. */
  trigger(): void
  stop(): void
}

export interface ProbeWorkerOptions {
  readonly probe: Probe
  readonly target: ProbeTarget
  /** When the container started, in `performance.now()`: regular times are whole periods after it. */
  readonly startedAtMs: number
  /** Where the probe stands before its first result. */
  readonly initially: boolean | undefined
  /** Probing waits until it gives true. */
  readonly mayRun: () => boolean
  readonly onFailure: (result: ProbeResult) => void
  readonly onWarning: (warning: string) => void
  /** A threshold was reached and the standing changed. */
  readonly onChange: (succeeded: boolean) => void
}

/** Probes each period after the initial delay; a result counts when it came `threshold` times in a row. */
export function startProbeWorker(options: ProbeWorkerOptions): ProbeWorker {
  const { probe, startedAtMs } = options
  const initialDelayMs = (probe.initialDelaySeconds ?? 0) * 1000
  let standing = options.initially
  let last: boolean | undefined
  let inRow = 0
  let probing = false
  let stopped = false

  const take = (result: ProbeResult) => {
    inRow = result.succeeded === last ? inRow + 1 : 1
    last = result.succeeded
    if (!result.succeeded) options.onFailure(result)
    if (result.warning !== undefined) options.onWarning(result.warning)
    const threshold = result.succeeded
      ? (probe.successThreshold ?? 1)
      : (probe.failureThreshold ?? 3)
    if (inRow < threshold || standing === result.succeeded) return
    standing = result.succeeded
    options.onChange(result.succeeded)
  }
  const probeOnce = async () => {
    const waiting = performance.now() - startedAtMs < initialDelayMs
    if (stopped || probing || waiting || !options.mayRun()) return
    probing = true
    const result = await runProbe(probe, options.target)
    probing = false
    // `stop` may have been called meanwhile; the result is then of no use to anyone.
    if (!isStopped()) take(result)
  }
  const isStopped = () => stopped
  const trigger = () => {
    void probeOnce()
  }
  const stopTicking = everyPeriodSince(startedAtMs, (probe.periodSeconds ?? 10) * 1000, trigger)
  return {
    trigger,
    stop: () => {
      stopped = true
      stopTicking()
    },
  }
}

function everyPeriodSince(startedAtMs: number, periodMs: number, tick: () => void): () => void {
  let timer: NodeJS.Timeout
  let periods = 0
  const arm = () => {
    const passedMs = performance.now() - startedAtMs
    periods = Math.max(periods + 1, Math.ceil(passedMs / periodMs))
    timer = setTimeout(
      () => {
        arm()
        tick()
      },
      periods * periodMs - passedMs,
    )
  }
  arm()
  return () => {
    clearTimeout(timer)
  }
}
