import { humanShare, humanUs } from '../base/units.ts'
import type { FailureWindow } from '../analysis/analysis.ts'
import { foreignClocks } from '../analysis/node-clock.ts'
import { isLoadAlone, type Recording } from '../recording/recording.ts'
import { total } from './keep-ledger.ts'
import { highest, shareOf } from './validity/measure-host.ts'
import { littlesError, p99Of, p99OfPoolWait, p99OfResponseTime } from './validity/measure-load.ts'
import {
  framesByThread,
  gcShare,
  loopAwayShare,
  loopBusyShare,
  loopDelayP99,
  missingFramesShare,
} from './validity/measure-threads.ts'
import { type Signal, SIGNALS } from './validity/signals.ts'
import type { Ledger, ValidityCheck } from './verdict.ts'

/**
 * Measures every signal of our own health in a recording: whether a run is the generator's fault, or we were blind.
 * What has no meaning for a run (send lag where nothing is due) or was not measured (the host's, elsewhere than on
 * Linux) is not in the list.
 */
export function checkValidity(
  recording: Recording,
  ledger: Ledger,
  windows: readonly FailureWindow[],
): ValidityCheck[] {
  const signs = signsOfLateness(recording, ledger)
  const isLate = signs.some(({ state }) => state === 'refuse')
  return [
    ...signs,
    ...checkDelivery(recording, ledger),
    ...checkReasons(recording, isLate),
    ...(isLoadAlone(recording) ? [] : [blindness(recording, windows), ...clocks(recording)]),
    threads(recording),
    wholeness(recording),
  ]
}

const isClosedLoop = ({ plan }: Recording): boolean => plan.scenario.load.users !== undefined

/** Whether the generator was late, by its own clock. */
function signsOfLateness(recording: Recording, ledger: Ledger): ValidityCheck[] {
  const { frames } = recording
  const byThread = framesByThread(frames)
  const loopDelay = check(SIGNALS.loopDelay, loopDelayP99(byThread))
  if (isClosedLoop(recording)) return [loopDelay, check(SIGNALS.loopAway, loopAwayShare(byThread))]
  const late = frames.reduce((sum, frame) => sum + frame.late, 0)
  return [sendLag(frames), checkCount(SIGNALS.lateSends, late, ledger.sent), loopDelay]
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/** A lag of the timer itself is no news. */
const TIMER_LAG_US = 2_000

/** Warns as well of a lag that is much of the response time: the one is within the other. */
function sendLag(frames: Recording['frames']): ValidityCheck {
  const lagUs = p99Of(frames, (frame) => [frame.sendLag]) ?? 0
  const measured = check(SIGNALS.sendLag, lagUs)
  const isMuch = lagUs > TIMER_LAG_US && lagUs > 0.1 * (p99OfResponseTime(frames) ?? Infinity)
  return measured.state === 'good' && isMuch ? { ...measured, state: 'warn' } : measured
}

/** Whether all that was planned went out, and whether the books can be believed. */
function checkDelivery(recording: Recording, ledger: Ledger): ValidityCheck[] {
  const { frames, host } = recording
  const notSent = total(ledger.notSent) - (ledger.notSent['stopped'] ?? 0)
  return [
    checkCount(SIGNALS.notSent, notSent, ledger.planned),
    checkCount(SIGNALS.generator, ledger.outcomes['generator'] ?? 0, ledger.sent),
    ...(isClosedLoop(recording) ? [] : [poolWait(recording, ledger)]),
    ...measured(
      SIGNALS.descriptors,
      highest(host, ({ fds, fdLimit }) => shareOf(fds, fdLimit)),
    ),
    ...measured(
      SIGNALS.ports,
      highest(host, ({ ports, portRange }) => shareOf(ports, portRange)),
    ),
    ...measured(SIGNALS.littlesLaw, littlesError(recording)),
    check(SIGNALS.missingFrames, missingFramesShare(framesByThread(frames))),
  ]
}

/** Tells a server that is slow from too few connections to it. */
function poolWait({ frames }: Recording, { sent }: Ledger): ValidityCheck {
  const { name, warn, refuse } = SIGNALS.poolWait
  const waitUs = p99OfPoolWait(frames, sent)
  const allowedUs = Math.max(warn, refuse * (p99OfResponseTime(frames) ?? Infinity))
  return {
    name,
    observed: humanUs(waitUs),
    threshold: `≤ ${refuse * 100} % of the response time`,
    state: waitUs > allowedUs ? 'refuse' : waitUs > warn ? 'warn' : 'good',
  }
}

/** Why a generator may be late. Without lateness they only warn: they tell of the machine, not of the figures. */
function checkReasons(recording: Recording, isLate: boolean): ValidityCheck[] {
  const { frames, host, plan } = recording
  const byThread = framesByThread(frames)
  const spins = plan.scenario.load.pace === 'spin'
  return [
    ...(spins ? [] : measured(SIGNALS.loopBusy, loopBusyShare(byThread))),
    ...measured(SIGNALS.gc, gcShare(byThread)),
    ...measured(
      SIGNALS.steal,
      highest(host, ({ stealShare }) => stealShare),
    ),
    ...measured(
      SIGNALS.pressure,
      highest(host, ({ cpuPressure }) => cpuPressure),
    ),
  ].map((reason) => (reason.state === 'refuse' && !isLate ? { ...reason, state: 'warn' } : reason))
}

const measured = (signal: Signal, value: number | undefined): ValidityCheck[] =>
  value === undefined ? [] : [check(signal, value)]

const checkCount = (signal: Signal, part: number, whole: number): ValidityCheck => ({
  ...check(signal, share(part, whole)),
  observed: humanShare(part, whole),
})

function check({ name, unit, warn, refuse, isReason }: Signal, value: number): ValidityCheck {
  const text = (amount: number) => (unit === 'us' ? humanUs(amount) : humanShare(amount, 1))
  return {
    name,
    observed: text(value),
    threshold: `≤ ${text(refuse)}${isReason ? ' when late' : ''}`,
    state: value > refuse ? 'refuse' : value > warn ? 'warn' : 'good',
  }
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

const clocks = ({ cluster }: Recording): ValidityCheck[] =>
  foreignClocks(cluster).map(({ emitter, lowMs, highMs }) => ({
    name: `clock of ${emitter}`,
    observed: `${((lowMs + highMs) / 2_000).toFixed(2)} s ahead of ours, ± ${((highMs - lowMs) / 2_000).toFixed(2)} s`,
    threshold: 'the same as ours',
    state: 'warn',
  }))

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
