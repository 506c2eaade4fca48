import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../base/random.ts'
import { kubeTime } from '../api/kube-time.ts'
import type { Container, ContainerState } from '../api/kinds/pod.ts'
import { resolveImage } from '../apps/images.ts'
import { startContainerProbes } from './container-probes.ts'
import type { ContainerProbes, FatalProbe } from './container-probes.ts'
import { terminatedState } from './container-record.ts'
import type { ContainerRecord } from './container-record.ts'
import { killContainer } from './kill-container.ts'
import { plegDelayMs } from './pod-context.ts'
import type { PodContext } from './pod-context.ts'
import type { ProbeTarget } from './probes/run-probe.ts'
import { runHook } from './run-hook.ts'
import { startContainer } from './start-container.ts'

export interface RunOptions {
  readonly context: PodContext
  readonly record: ContainerRecord
  readonly random: Random
  /** How many runs of this container came before. */
  readonly earlierRuns: number
}

/** One run of a container, from its start to its end; its probes and its kill belong to it. */
export class ContainerRun {
  readonly containerId: string
  readonly #context: PodContext
  readonly #container: Container
  readonly #record: ContainerRecord
  readonly #random: Random
  readonly #isRestart: boolean
  readonly #target: ProbeTarget
  /** Wall-clock time. */
  readonly #startedAtMs = Date.now()
  readonly #probesSinceMs = performance.now()
  #probes: ContainerProbes | undefined
  #fatalProbesStopped = false
  #end: ContainerState | undefined
  #kill: Promise<void> | undefined

  constructor({ context, record, random, earlierRuns }: RunOptions) {
    this.#context = context
    this.#record = record
    this.#container = record.container
    this.#random = random
    this.#isRestart = earlierRuns > 0
    this.containerId = createContainerId(context, record.container.name, earlierRuns)
    const process = startContainer(context, record.container)
    this.#target = { container: record.container, podIp: context.podIp, process }
    void process.exited.then((exit) => {
      const details = { container: record.container.name, exitCode: exit.exitCode }
      context.truth('exited', details, exit.atUs)
      this.#end = terminatedState(exit, this.#startedAtMs, this.containerId)
    })
    void this.#begin()
  }

  /** How it ended, once it has. */
  get end(): ContainerState | undefined {
    return this.#end
  }

  /** It did not end by itself. */
  get wasKilled(): boolean {
    return this.#kill !== undefined
  }

  /** Resolves at its end, and when a kill that was under way is done. */
  async finished(): Promise<void> {
    await this.#target.process.exited
    await this.#kill
  }

  /** Stops it as the pod's deletion does; a kill that is under way goes on instead. */
  async kill(message: string, graceSeconds: number): Promise<void> {
    if (this.#end) return
    const { lifecycle, image = '' } = this.#container
    const declared = lifecycle?.stopSignal as NodeJS.Signals | undefined
    this.#kill ??= killContainer({
      context: this.#context,
      target: this.#target,
      message,
      stopSignal: declared ?? resolveImage(image)?.stopSignal ?? 'SIGTERM',
      graceSeconds,
    })
    await this.#kill
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

  async #begin(): Promise<void> {
    const hook = this.#container.lifecycle?.postStart
    const { exited } = this.#target.process
    const failure = hook && (await Promise.race([runHook(hook, this.#target), exited]))
    if (typeof failure === 'string') {
      const message = 'PostStartHook failed'
      const container = this.#container
      this.#context.event({ type: 'Warning', reason: 'FailedPostStartHook', message, container })
      await this.kill('FailedPostStartHook', this.#podGraceSeconds())
      return
    }
    await this.#noticeStart()
  }

  /** The API learns of the running container one PLEG relist later; only then its probes begin. */
  async #noticeStart(): Promise<void> {
    await sleep(plegDelayMs(this.#random))
    if (this.#end) return
    const record = this.#record
    if (this.#isRestart) record.restartCount += 1
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
    void this.kill(message, ownGrace ?? this.#podGraceSeconds())
  }

  #podGraceSeconds(): number {
    return this.#context.pod.spec.terminationGracePeriodSeconds ?? 30
  }
}

function createContainerId({ node, pod }: PodContext, container: string, run: number): string {
  const random = node.random.stream(`container ${pod.metadata.uid}/${container}/${String(run)}`)
  return `containerd://${(random.uuid() + random.uuid()).replaceAll('-', '')}`
}
