import type { PodFacts } from '../recording/entry.ts'
import type { ContainerExit } from './analysis.ts'
import type { NodeClock } from './node-clock.ts'

/** A kill for a probe takes its grace; by then the exit must have been seen. */
const KILLED_WITHIN_US = 60_000_000

/** A stamp further back is another clock's. */
const NOTICED_LATE_AT_MOST_US = 10_000_000

interface Exit {
  readonly exitCode?: number | undefined
  readonly reason?: string | undefined
  readonly finishedAt?: string | undefined
}

/** Collects the exits of one pod's containers while nobody deletes the pod. */
export class ContainerExits {
  readonly list: ContainerExit[] = []
  readonly #restarts = new Map<string, number>()
  readonly #ended = new Set<string>()
  readonly #clock: NodeClock
  #condemned: ContainerExit['killedFor']

  constructor(clock: NodeClock) {
    this.#clock = clock
  }

  /** Takes a `Killing` event; whether a probe was the reason (k8s-mechanics 1.11). */
  takeKilling(message: string, atUs: number): boolean {
    const probe = /failed (liveness|startup) probe/.exec(message)?.[1]
    if (probe !== 'liveness' && probe !== 'startup') return false
    this.#condemned = { probe, atUs }
    return true
  }

  takePod(pod: PodFacts, atUs: number): void {
    for (const container of pod.containers) {
      const { name, state, restartCount, reason, lastExit = {} } = container
      const run = `${name} ${restartCount}`
      const before = this.#restarts.get(name)
      this.#restarts.set(name, restartCount)
      if (pod.deletionTimestamp !== undefined) continue
      const isBackingOff = state === 'waiting' && reason === 'CrashLoopBackOff'
      if (state === 'terminated' || isBackingOff) {
        const exit = isBackingOff ? lastExit : container
        if (!this.#ended.has(run) && before !== undefined) this.#add(pod, name, atUs, exit)
        this.#ended.add(run)
      } else if (before !== undefined && restartCount > before) {
        // It may have been down for so short that only the count tells.
        if (!this.#ended.has(`${name} ${before}`)) this.#add(pod, name, atUs, lastExit)
      }
    }
  }

  #add({ nodeName }: PodFacts, container: string, atUs: number, exit: Exit): void {
    const stampedUs = this.#clock(exit.finishedAt, nodeName) ?? atUs
    const isOurs = stampedUs <= atUs && stampedUs >= atUs - NOTICED_LATE_AT_MOST_US
    const killedFor = this.#condemned
    this.#condemned = undefined
    this.list.push({
      atUs,
      endedUs: isOurs ? stampedUs : atUs,
      container,
      ...(exit.exitCode !== undefined && { exitCode: exit.exitCode }),
      ...(exit.reason !== undefined && { reason: exit.reason }),
      ...(killedFor && atUs - killedFor.atUs < KILLED_WITHIN_US && { killedFor }),
    })
  }
}
