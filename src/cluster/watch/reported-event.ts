import type { ReportedEvent } from '../cluster-change.ts'
import type { RawObject } from './raw-object.ts'

/** The fields of a core/v1 Event that are looked at. */
export interface RawEvent extends RawObject {
  readonly involvedObject?: {
    readonly kind?: string
    readonly name?: string
    readonly fieldPath?: string
  }
  readonly reason?: string
  readonly message?: string
  readonly type?: string
  readonly count?: number
  readonly source?: { readonly component?: string; readonly host?: string }
  readonly reportingComponent?: string
}

/** Projects an Event; its name ends in the emitter's clock, as hex nanoseconds (k8s-mechanics 2.1). */
export function reportedEvent(event: RawEvent): ReportedEvent {
  const component = event.source?.component ?? event.reportingComponent
  const host = event.source?.host
  const container = /\{(.+)\}$/.exec(event.involvedObject?.fieldPath ?? '')?.[1]
  const hexNs = /\.([0-9a-f]{15,16})$/.exec(event.metadata.name)?.[1]
  return {
    reason: event.reason ?? '',
    message: (event.message ?? '').slice(0, 400),
    severity: event.type === 'Warning' ? 'Warning' : 'Normal',
    objectKind: event.involvedObject?.kind ?? '',
    objectName: event.involvedObject?.name ?? '',
    count: event.count ?? 1,
    ...(component !== undefined && component !== '' && { component }),
    ...(host !== undefined && host !== '' && { host }),
    ...(container !== undefined && { container }),
    ...(hexNs !== undefined && { emittedAtUnixNs: BigInt(`0x${hexNs}`).toString() }),
  }
}
