import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../base/random.ts'
import { kubeTime } from '../api/kube-time.ts'
import type { Container, ContainerState } from '../api/kinds/pod.ts'
import { createContainerId } from './container-id.ts'
import { startContainerProbes } from './container-probes.ts'
import type { ContainerProbes, FatalProbe } from './container-probes.ts'
import { terminatedState } from './container-record.ts'
import type { ContainerRecord } from './container-record.ts'
import { killContainer } from './kill-container.ts'
import { memoryLimitBytes, watchMemory } from './memory-limit.ts'
import { plegDelayMs } from './pod-context.ts'
import type { PodContext } from './pod-context.ts'
import type { ProbeTarget } from './probes/run-probe.ts'
import { runHook } from './run-hook.ts'
import { startContainer } from './start-container.ts'
import type { StartPlan } from './start-container.ts'
import type { Killer, StopOrder } from './stop-order.ts'
import { stopSignalOf } from './stop-signal.ts'

export interface RunOptions {
  readonly context: PodContext
  readonly record: ContainerRecord
  readonly plan: StartPlan
  readonly random: Random
  /** How many runs of this container came before. */
  readonly earlierRuns: number
}

/** One run of a container, from its start to its end; its probes and its kill belong to it. */
export class ContainerRun {
  readonly containerId: string
  /** Resolves when its postStart hook is over, or the container is. */
  readonly launched: Promise<void>
  readonly #context: PodContext
  readonly #container: Container
  readonly #record: ContainerRecord
  readonly #random: Random
  readonly #earlierRuns: number
  readonly #target: ProbeTarget
  /** Wall-clock time. */
  readonly #startedAtMs = Date.now()
  readonly #probesSinceMs = performance.now()
  #probes: ContainerProbes | undefined
  #fatalProbesStopped = false
  #isOutOfMemory = false
  #isSignalled = false
  #end: ContainerState | undefined
  #kill: Promise<void> | undefined
  #supersede = new AbortController()
  #killer: Killer | undefined

  constructor({ context, record, plan, random, earlierRuns }: RunOptions) {
    this.#context = context
    this.#record = record
    this.#container = record.container
    this.#random = random
    this.#earlierRuns = earlierRuns
    this.containerId = createContainerId(context, record.container.name, earlierRuns)
    const { process, message } = startContainer(context, record.container, plan)
    this.#target = { container: record.container, podIp: context.podIp, process }
    const stopWatching = this.#watchMemory()
    void process.exited.then((exit) => {
      stopWatching()
      const details = { container: record.container.name, exitCode: exit.exitCode }
      context.truth('exited', details, exit.atUs)
      // A run too short to be noticed counts as well.
      record.restartCount = earlierRuns
      const { containerId } = this
      const isOutOfMemory = this.#isOutOfMemory
      this.#end = terminatedState(exit, {
        startedAtMs: this.#startedAtMs,
        containerId,
        isOutOfMemory,
        message: message(exit.exitCode),
      })
    })
    this.launched = this.#launch()
  }

  /** How it ended, once it has. */
  get end(): ContainerState | undefined {
    return this.#end
  }

  /** Undefined: it ended by itself, or has not ended. */
  get killer(): Killer | undefined {
    return this.#killer
  }

  /** Resolves at its end, and when a kill that was under way is done. */
  async finished(): Promise<void> {
    await this.#target.process.exited
    let kill: Promise<void> | undefined
    do {
      kill = this.#kill
      await kill
    } while (kill !== this.#kill)
  }

  /** Stops it because the pod ends: its grace and order replace those of a kill that is under way (1.3). */
  async stop(order: StopOrder): Promise<void> {
    if (this.#killer === 'pod' || this.#end) {
      await this.#kill
      return
    }
    this.#supersede.abort()
    this.#kill = undefined
    await this.#killBy('pod', order)
  }

  statusComputed(): void {
    this.#probes?.statusComputed()
  }

  /** Readiness goes on. */
  stopFatalProbes(): void {
    this.#fatalProbesStopped = true
    this.#probes?.stopFatal()
  }

  stopProbes(): void {
    this.#probes?.stop()
  }

  async #killBy(killer: Killer, order: StopOrder): Promise<void> {
    if (this.#end) return
    this.#killer ??= killer
    if (killer === 'pod') this.#killer = killer
    this.#supersede = new AbortController()
    this.#kill ??= killContainer({
      ...order,
      context: this.#context,
      target: this.#target,
      stopSignal: stopSignalOf(this.#container),
      superseded: this.#supersede.signal,
      isSignalled: this.#isSignalled,
      onSignalled: () => {
        this.#isSignalled = true
      },
    })
    await this.#kill
  }

  async #launch(): Promise<void> {
    const hook = this.#container.lifecycle?.postStart
    const { exited } = this.#target.process
    const failure =
      hook && (await Promise.race([runHook(hook, this.#target, this.#context.event), exited]))
    if (typeof failure === 'string') {
      const message = 'PostStartHook failed'
      const container = this.#container
      this.#context.event({ type: 'Warning', reason: 'FailedPostStartHook', message, container })
      await this.#killBy('post-start', {
        message: 'FailedPostStartHook',
        graceSeconds: this.#podGraceSeconds(),
      })
      return
    }
    void this.#noticeStart()
  }

  /** The API learns of the running container one PLEG relist later; only then its probes begin. */
  async #noticeStart(): Promise<void> {
    await sleep(plegDelayMs(this.#random))
    if (this.#end) return
    const record = this.#record
    record.restartCount = this.#earlierRuns
    record.state = { running: { startedAt: kubeTime(this.#startedAtMs) } }
    record.containerId = this.containerId
    record.started = !this.#container.startupProbe
    record.ready = record.started && !this.#container.readinessProbe
    this.#probes = startContainerProbes({
      context: this.#context,
      record,
      target: this.#target,
      startedAtMs: this.#probesSinceMs,
      onFatal: (probe) => {
        this.#killFor(probe)
      },
    })
    if (this.#fatalProbesStopped) this.#probes.stopFatal()
    this.#context.publish()
  }

  #killFor(probe: FatalProbe): void {
    this.stopFatalProbes()
    const ownGrace = this.#container[`${probe}Probe`]?.terminationGracePeriodSeconds
    const message = `Container ${this.#container.name} failed ${probe} probe, will be restarted`
    void this.#killBy('probe', { message, graceSeconds: ownGrace ?? this.#podGraceSeconds() })
  }

  #watchMemory(): () => void {
    const limitBytes = memoryLimitBytes(this.#container)
    if (limitBytes === undefined) return () => undefined
    const { process } = this.#target
    return watchMemory(process, limitBytes, () => {
      this.#isOutOfMemory = true
      process.kill()
    })
  }

  #podGraceSeconds(): number {
    return this.#context.pod.spec.terminationGracePeriodSeconds ?? 30
  }
}
