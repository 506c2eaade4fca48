import type { PodFacts } from '../recording/entry.ts'
import type { ContainerExit } from './analysis.ts'

/** A kill for a probe takes its grace; by then the exit must have been seen. */
const KILLED_WITHIN_US = 60_000_000

/** Collects the exits of one pod's containers while nobody deletes the pod. */
export class ContainerExits {
  readonly list: ContainerExit[] = []
  readonly #restarts = new Map<string, number>()
  readonly #ended = new Set<string>()
  #condemned: ContainerExit['killedFor']

  /** Takes a `Killing` event; whether a probe was the reason (k8s-mechanics 1.11). */
  takeKilling(message: string, atUs: number): boolean {
    const probe = /failed (liveness|startup) probe/.exec(message)?.[1]
    if (probe !== 'liveness' && probe !== 'startup') return false
    this.#condemned = { probe, atUs }
    return true
  }

  takePod(pod: PodFacts, atUs: number): void {
    for (const { name, state, restartCount, exitCode, reason, lastExit } of pod.containers) {
      const run = `${name} ${restartCount}`
      const before = this.#restarts.get(name)
      this.#restarts.set(name, restartCount)
      if (pod.deletionTimestamp !== undefined) continue
      const isBackingOff = state === 'waiting' && reason === 'CrashLoopBackOff'
      if (state === 'terminated' || isBackingOff) {
        const exit = isBackingOff ? (lastExit ?? {}) : { exitCode, reason }
        if (!this.#ended.has(run) && before !== undefined) this.#add(name, atUs, exit)
        this.#ended.add(run)
      } else if (before !== undefined && restartCount > before) {
        // It may have been down for so short that only the count tells.
        if (!this.#ended.has(`${name} ${before}`)) this.#add(name, atUs, lastExit ?? {})
      }
    }
  }

  #add(
    container: string,
    atUs: number,
    exit: { readonly exitCode?: number | undefined; readonly reason?: string | undefined },
  ): void {
    const killedFor = this.#condemned
    this.#condemned = undefined
    this.list.push({
      atUs,
      container,
      ...(exit.exitCode !== undefined && { exitCode: exit.exitCode }),
      ...(exit.reason !== undefined && { reason: exit.reason }),
      ...(killedFor && atUs - killedFor.atUs < KILLED_WITHIN_US && { killedFor }),
    })
  }
}
