import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../base/random.ts'
import type { Container, ContainerState } from '../api/kinds/pod.ts'
import { resolveImage } from '../apps/images.ts'
import { newContainerRecord, unknownState } from './container-record.ts'
import type { ContainerRecord } from './container-record.ts'
import { ContainerRun } from './container-run.ts'
import { createCrashBackOff } from './crash-back-off.ts'
import { plegDelayMs, plegRandom } from './pod-context.ts'
import type { PodContext } from './pod-context.ts'
import { failToPullImage } from './pull-image.ts'
import { planStart } from './start-container.ts'
import type { StartPlan } from './start-container.ts'

/** A sidecar is an init container with `restartPolicy: Always`. */
export type ContainerRole = 'init' | 'sidecar' | 'main'

/** How long a pod's worker waits with the next sync after one that failed. */
const NEXT_SYNC_MS = 10_000

/** Runs a container, again and again where the restart policy says so, until the pod is stopped. */
export class ContainerRunner {
  readonly record: ContainerRecord
  readonly role: ContainerRole
  readonly #context: PodContext
  readonly #container: Container
  readonly #random: Random
  readonly #stopping = new AbortController()
  readonly #backOff = createCrashBackOff()
  readonly #launched = Promise.withResolvers<undefined>()
  readonly #started = Promise.withResolvers<undefined>()
  #run: ContainerRun | undefined
  #runs = 0

  constructor(context: PodContext, container: Container, role: ContainerRole) {
    this.#context = context
    this.#container = container
    this.role = role
    const hasInit = (context.pod.spec.initContainers ?? []).length > 0
    this.record = newContainerRecord(container, hasInit ? 'PodInitializing' : 'ContainerCreating')
    this.#random = plegRandom(context.node, `${context.pod.metadata.name}/${container.name}`)
  }

  /** Resolves when the first try to start it is over, its postStart hook included: the next one's turn. */
  get launched(): Promise<undefined> {
    return this.#launched.promise
  }

  /** Resolves when its startup probe has succeeded once, or it is stopped before. */
  get started(): Promise<undefined> {
    return this.#started.promise
  }

  /** Resolves when the container will not run again; its record then says how it ended. */
  async run(): Promise<void> {
    if (!this.#container.command && !resolveImage(this.#container.image ?? '')) {
      this.#launched.resolve(undefined)
      await failToPullImage(this.#context, this.record, this.#stopping.signal)
    }
    while (!this.#isStopping()) {
      const plan = planStart(this.#context, this.#container)
      if (!plan.ok) {
        await this.#waitForConfiguration(plan.error)
        continue
      }
      const run = this.#start(plan.value)
      await run.finished()
      if (run.killer === undefined) await this.#pause(plegDelayMs(this.#random))
      if (this.#isStopping()) return
      run.stopProbes()
      if (!this.#restartsAfter(run)) {
        this.#setState(run.end)
        this.#context.publish()
        return
      }
      await this.#waitForRestart(run)
    }
  }

  /** Stops the container once it is its `turn`; `run` then ends as well. Its record stays until {@link settle}. */
  async terminate(graceSeconds: number, turn?: Promise<unknown>): Promise<void> {
    this.#stopping.abort()
    this.#launched.resolve(undefined)
    this.#started.resolve(undefined)
    if (this.role !== 'sidecar') this.#run?.stopFatalProbes()
    const message = `Stopping container ${this.#container.name}`
    await this.#run?.stop({ message, graceSeconds, ...(turn && { turn }) })
  }

  /** The pod's last status is about to be written: no more probes, and the record says how it ended. */
  settle(): void {
    this.#run?.stopProbes()
    this.#setState(this.#run?.end ?? this.record.state)
    if (!this.record.state.terminated) this.record.state = unknownState
  }

  /** The pod's status was computed. */
  statusComputed(): void {
    if (this.record.started) this.#started.resolve(undefined)
    this.#run?.statusComputed()
  }

  #start(plan: StartPlan): ContainerRun {
    if (this.#runs > 0) this.#backOff.restarted(Date.now())
    this.#run = new ContainerRun({
      context: this.#context,
      record: this.record,
      plan,
      random: this.#random,
      earlierRuns: this.#runs,
    })
    this.#runs += 1
    void this.#run.launched.then(() => {
      this.#launched.resolve(undefined)
    })
    return this.#run
  }

  async #waitForConfiguration(message: string): Promise<void> {
    this.#launched.resolve(undefined)
    const report = { type: 'Warning', reason: 'Failed', message: `Error: ${message}` } as const
    this.#context.event({ ...report, container: this.#container })
    this.record.state = { waiting: { reason: 'CreateContainerConfigError', message } }
    this.#context.publish()
    await this.#pause(NEXT_SYNC_MS)
  }

  /** A crash is published before the restart; after a probe's kill the API sees only the new container. */
  async #waitForRestart(run: ContainerRun): Promise<void> {
    const waitMs = this.#backOff.waitMs(Date.now(), Date.now())
    if (run.killer !== 'probe' || waitMs > 0) this.#setState(run.end)
    const failure = failureToStart(run)
    if (failure) this.record.state = { waiting: failure }
    if (run.killer !== 'probe' || waitMs > 0) this.#context.publish()
    this.record.lastState = run.end
    if (waitMs === 0) return
    const { name: pod, namespace = 'default', uid } = this.#context.pod.metadata
    const { name } = this.#container
    const delay = formatDelay(this.#backOff.delayMs)
    const message = `back-off ${delay} restarting failed container=${name} pod=${pod}_${namespace}(${uid})`
    this.record.state = { waiting: { reason: 'CrashLoopBackOff', message } }
    this.#context.event({
      type: 'Warning',
      reason: 'BackOff',
      message: `Back-off restarting failed container ${name} in pod ${pod}_${namespace}(${uid})`,
      container: this.#container,
    })
    this.#context.publish()
    await this.#pause(waitMs)
  }

  #restartsAfter(run: ContainerRun): boolean {
    if (this.role === 'sidecar') return true
    const policy = this.#context.pod.spec.restartPolicy ?? 'Always'
    if (policy === 'Never') return false
    return run.end?.terminated?.exitCode !== 0 || (policy === 'Always' && this.role === 'main')
  }

  #setState(state: ContainerState | undefined): void {
    this.record.state = state ?? unknownState
    this.record.containerId = this.#run?.containerId
    this.record.ready = false
    this.record.started = false
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted
  }

  /** Sleeps, but not beyond the pod's stop. */
  async #pause(delayMs: number): Promise<void> {
    await sleep(delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
  }
}

/** What the kubelet says of a container that it could not bring up, while it will try again. */
function failureToStart(run: ContainerRun): { reason: string; message: string } | undefined {
  if (run.killer === 'post-start') {
    return { reason: 'PostStartHookError', message: 'PostStartHook failed' }
  }
  const { reason, message = '' } = run.end?.terminated ?? {}
  return reason === 'StartError' ? { reason: 'RunContainerError', message } : undefined
}

function formatDelay(delayMs: number): string {
  const minutes = Math.floor(delayMs / 60_000)
  const seconds = (delayMs % 60_000) / 1000
  return minutes > 0 ? `${String(minutes)}m${String(seconds)}s` : `${String(seconds)}s`
}
