import { mergeSparse, sparseQuantile } from '../base/histogram.ts'
import { humanShare, humanUs } from '../base/units.ts'
import type { FailureWindow } from '../analysis/analysis.ts'
import type { Recording } from '../recording/recording.ts'
import { total } from './keep-ledger.ts'
import type { Ledger, ValidityCheck } from './verdict.ts'

/** When a run is the generator's fault or we were blind (design 7, reliability-security 3): warn at, refuse above. */
const THRESHOLDS = {
  sendLagP99Us: [5_000, 20_000],
  lateShare: [0.001, 0.01],
  notSentShare: [0, 0.001],
  loopDelayP99Us: [10_000, 50_000],
  generatorShare: [0, 0.0001],
} as const

/** Measures every signal of our own health in a recording. */
export function checkValidity(
  recording: Recording,
  ledger: Ledger,
  windows: readonly FailureWindow[],
): ValidityCheck[] {
  const { frames } = recording
  const lag = sparseQuantile(mergeSparse(frames.map((frame) => frame.sendLag)), 0.99) ?? 0
  const late = frames.reduce((sum, frame) => sum + frame.late, 0)
  const notSent = total(ledger.notSent) - (ledger.notSent['stopped'] ?? 0)
  const generator = ledger.outcomes['generator'] ?? 0
  return [
    check('send lag p99', lag, THRESHOLDS.sendLagP99Us, humanUs),
    check('late sends', share(late, ledger.sent), THRESHOLDS.lateShare, () =>
      humanShare(late, ledger.sent),
    ),
    check('not sent', share(notSent, ledger.planned), THRESHOLDS.notSentShare, () =>
      humanShare(notSent, ledger.planned),
    ),
    check('event-loop delay p99', loopDelayP99(recording), THRESHOLDS.loopDelayP99Us, humanUs),
    check('generator failures', share(generator, ledger.sent), THRESHOLDS.generatorShare, () =>
      humanShare(generator, ledger.sent),
    ),
    blindness(recording, windows),
    threads(recording),
    wholeness(recording),
  ]
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)

function check(
  name: string,
  value: number,
  [warn, refuse]: readonly [number, number],
  text: (value: number) => string,
): ValidityCheck {
  const isShare = refuse < 1
  return {
    name,
    observed: text(value),
    threshold: isShare ? `≤ ${refuse * 100} %` : `≤ ${humanUs(refuse)}`,
    state: value > refuse ? 'refuse' : value > warn ? 'warn' : 'good',
  }
}

/** The 99th percentile over the frames of the longest absence in each. */
function loopDelayP99({ frames }: Recording): number {
  const delays = frames.map((frame) => frame.loopDelayUs).sort((left, right) => left - right)
  return delays[Math.max(0, Math.ceil(delays.length * 0.99) - 1)] ?? 0
}

/** A gap shorter than this hides nothing that matters. */
const SHORT_GAP_US = 1_000_000

function blindness({ cluster }: Recording, windows: readonly FailureWindow[]): ValidityCheck {
  const gaps = cluster.flatMap((change) => (change.type === 'gap' ? [change.gap] : []))
  const long = gaps.filter((gap) => gap.toUs - gap.fromUs > SHORT_GAP_US)
  const inWindow = long.filter((gap) =>
    windows.some((window) => gap.fromUs <= window.toUs && gap.toUs >= window.fromUs),
  )
  return {
    name: 'watch gaps',
    observed:
      long.length === 0
        ? 'none'
        : `${long.length}, of them ${inWindow.length} where requests failed`,
    threshold: 'none where requests failed',
    state: inWindow.length > 0 ? 'refuse' : long.length > 0 ? 'warn' : 'good',
  }
}

function threads({ harness }: Recording): ValidityCheck {
  const lost = harness.find((entry) => entry.type === 'load-thread-lost')
  return {
    name: 'load thread',
    observed: lost ? `lost: ${lost.message}` : 'ended as planned',
    threshold: 'not lost',
    state: lost ? 'refuse' : 'good',
  }
}

function wholeness({ end }: Recording): ValidityCheck {
  return {
    name: 'recording',
    observed: end ? 'whole' : 'cut short',
    threshold: 'whole',
    state: end ? 'good' : 'refuse',
  }
}
