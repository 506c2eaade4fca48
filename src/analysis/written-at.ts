import type { ClusterChange, ReportedEvent } from '../recording/entry.ts'

type EventArrival = Extract<ClusterChange, { type: 'reported-event' }>

/**
 * Tells when Events were written, µs since the run began. Their stamps are of another clock, and they arrive late,
 * in a burst by much: the Event of an emitter that arrived soonest after its stamp ties its clock to ours, so that an
 * instant is never later than the arrival, and as far off as that Event was late. Without a stamp it is the arrival.
 */
export function writtenAt(changes: readonly ClusterChange[]): (arrival: EventArrival) => number {
  const soonestUs = new Map<string, number>()
  for (const change of changes) {
    if (change.type !== 'reported-event') continue
    const stampUs = stampOf(change.event)
    if (stampUs === undefined) continue
    const emitter = emitterOf(change.event)
    soonestUs.set(emitter, Math.min(soonestUs.get(emitter) ?? Infinity, change.atUs - stampUs))
  }
  return ({ atUs, event }) => {
    const stampUs = stampOf(event)
    const tieUs = soonestUs.get(emitterOf(event))
    return stampUs === undefined || tieUs === undefined ? atUs : stampUs + tieUs
  }
}

const emitterOf = ({ component = '', host = '' }: ReportedEvent): string => `${component} ${host}`

/** Unix µs; an Event that is counted up keeps the stamp of its first. */
const stampOf = ({ emittedAtUnixNs, count }: ReportedEvent): number | undefined =>
  emittedAtUnixNs === undefined || count > 1 ? undefined : Number(BigInt(emittedAtUnixNs) / 1_000n)
