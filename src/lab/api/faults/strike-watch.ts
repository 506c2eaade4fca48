import type { ServerResponse } from 'node:http'
import type { Fault } from './fault.ts'
import { failureStatus } from '../api-error.ts'
import { MALFORMED_LINE, sendEndless } from './garbage.ts'

/** Cuts into a watch that has begun well. */
export interface WatchFault {
  /** How many events the client gets before. */
  readonly afterEvents: number
  /** Called once; `goes-on`: the watch serves its client further. */
  strike(response: ServerResponse): 'over' | 'goes-on'
}

/** What a fault does to an open watch. `compact` forgets the past. */
export function watchFaultOf(
  fault: Fault,
  compact: () => void,
  onStrike: () => void,
): WatchFault | undefined {
  const act = actOf(fault, compact)
  if (!act) return undefined
  const afterEvents = 'events' in fault ? (fault.events ?? 0) : 0
  return {
    afterEvents,
    strike: (response) => {
      onStrike()
      act(response)
      return fault.kind === 'garbage' && fault.form === 'malformed' ? 'goes-on' : 'over'
    },
  }
}

function actOf(
  fault: Fault,
  compact: () => void,
): ((response: ServerResponse) => void) | undefined {
  switch (fault.kind) {
    case 'drop':
      if (fault.events === undefined) return undefined
      // A reset could take the last events with it.
      return (response) => response.socket?.end()
    case 'hang':
      return () => undefined
    case 'garbage':
      return (response) => {
        if (fault.form === 'malformed') response.write(MALFORMED_LINE)
        else if (fault.form === 'endless') sendEndless(response)
        else response.end('{"type":"MODIFIED","object":{"kind":"')
      }
    case 'compaction':
      if (fault.shape !== 'event') return undefined
      return (response) => {
        compact()
        response.end(`${JSON.stringify({ type: 'ERROR', object: compacted })}\n`)
      }
    case 'status':
    case 'delay':
    case 'late':
      return undefined
  }
}

const compacted = failureStatus({
  reason: 'Expired',
  message: 'The resourceVersion for the provided watch is too old.',
})
