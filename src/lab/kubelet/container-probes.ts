import type { Container } from '../api/kinds/pod.ts'
import type { ContainerRecord } from './container-record.ts'
import type { PodContext } from './pod-context.ts'
import { startProbeWorker } from './probes/probe-worker.ts'
import type { ProbeWorker } from './probes/probe-worker.ts'
import type { ProbeTarget } from './probes/run-probe.ts'

export type FatalProbe = 'liveness' | 'startup'

/** The probes of one run of a container. */
export interface ContainerProbes {
  /** A status was computed: a container that is not ready is probed at once (k8s-mechanics 1.11). */
  statusComputed(): void
  /** Liveness and startup end, readiness goes on. */
  stopFatal(): void
  stop(): void
}

export interface ContainerProbesOptions {
  readonly context: PodContext
  readonly record: ContainerRecord
  readonly target: ProbeTarget
  /** In `performance.now()`. */
  readonly startedAtMs: number
  readonly onFatal: (probe: FatalProbe) => void
}

/** Starts the probes; readiness and the startup result go into the record and are published at once. */
export function startContainerProbes(options: ContainerProbesOptions): ContainerProbes {
  const { context, record, target, startedAtMs, onFatal } = options
  const { container } = target
  const start = (kind: Kind, what: WorkerParts): ProbeWorker | undefined => {
    const probe = container[`${kind}Probe`]
    if (!probe) return undefined
    return startProbeWorker({
      ...what,
      probe,
      target,
      startedAtMs,
      onFailure: ({ message }) => {
        context.event(unhealthy(kind, message, container))
      },
      onWarning: (warning) => {
        const message = `${titled(kind)} probe warning: ${warning}`
        context.event({ type: 'Warning', reason: 'ProbeWarning', message, container })
      },
    })
  }
  const startup = start('startup', {
    initially: undefined,
    mayRun: () => !record.started,
    onChange: (succeeded) => {
      if (!succeeded) {
        onFatal('startup')
        return
      }
      record.started = true
      record.ready = !container.readinessProbe
      context.publish()
    },
  })
  const liveness = start('liveness', {
    initially: true,
    mayRun: () => record.started,
    onChange: (succeeded) => {
      if (!succeeded) onFatal('liveness')
    },
  })
  const readiness = start('readiness', {
    initially: false,
    mayRun: () => record.started,
    onChange: (succeeded) => {
      record.ready = succeeded
      context.publish()
    },
  })
  const stopFatal = () => {
    startup?.stop()
    liveness?.stop()
  }
  return {
    statusComputed: () => {
      if (!record.ready) readiness?.trigger()
    },
    stopFatal,
    stop: () => {
      stopFatal()
      readiness?.stop()
    },
  }
}

type Kind = 'startup' | 'liveness' | 'readiness'
type WorkerParts = Pick<Parameters<typeof startProbeWorker>[0], 'initially' | 'mayRun' | 'onChange'>

const titled = (kind: Kind): string => kind.charAt(0).toUpperCase() + kind.slice(1)

const unhealthy = (kind: Kind, message: string, container: Container) => ({
  type: 'Warning' as const,
  reason: 'Unhealthy',
  message: `${titled(kind)} probe failed: ${message}`,
  container,
})
