import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../base/random.ts'
import type { Container } from '../api/kinds/pod.ts'
import { resolveImage } from '../apps/images.ts'
import { newContainerRecord, unknownState } from './container-record.ts'
import type { ContainerRecord } from './container-record.ts'
import { ContainerRun } from './container-run.ts'
import { createCrashBackOff } from './crash-back-off.ts'
import { plegDelayMs, plegRandom } from './pod-context.ts'
import type { PodContext } from './pod-context.ts'
import { failToPullImage } from './pull-image.ts'

/** Runs a container, again and again where the restart policy says so, until the pod is stopped. */
export class ContainerRunner {
  readonly record: ContainerRecord
  readonly #context: PodContext
  readonly #container: Container
  readonly #isInit: boolean
  readonly #random: Random
  readonly #stopping = new AbortController()
  readonly #backOff = createCrashBackOff()
  #run: ContainerRun | undefined
  #runs = 0

  constructor(context: PodContext, container: Container, isInit: boolean) {
    this.#context = context
    this.#container = container
    this.#isInit = isInit
    const hasInit = (context.pod.spec.initContainers ?? []).length > 0
    this.record = newContainerRecord(container, hasInit ? 'PodInitializing' : 'ContainerCreating')
    this.#random = plegRandom(context.node, `${context.pod.metadata.name}/${container.name}`)
  }

  /** Resolves when the container will not run again; its record then says how it ended. */
  async run(): Promise<void> {
    if (!this.#container.command && !resolveImage(this.#container.image ?? '')) {
      await failToPullImage(this.#context, this.record, this.#stopping.signal)
    }
    while (!this.#isStopping()) {
      const run = this.#start()
      await run.finished()
      if (!run.wasKilled) await this.#pause(plegDelayMs(this.#random))
      if (this.#isStopping()) return
      run.stopProbes()
      if (!this.#restartsAfter(run)) {
        this.#setEnded(run)
        return
      }
      await this.#waitForRestart(run)
    }
  }

  /** Stops the container; `run` then ends as well. Its record stays as it is until {@link settle}. */
  async terminate(graceSeconds: number): Promise<void> {
    this.#stopping.abort()
    this.#run?.stopFatalProbes()
    await this.#run?.kill(`Stopping container ${this.#container.name}`, graceSeconds)
  }

  /** The pod's last status is about to be written: no more probes, and the record says how it ended. */
  settle(): void {
    this.#run?.stopProbes()
    this.#setState(this.#run)
  }

  /** The pod's status was computed. */
  statusComputed(): void {
    this.#run?.statusComputed()
  }

  #start(): ContainerRun {
    if (this.#runs > 0) this.#backOff.restarted(Date.now())
    this.#run = new ContainerRun({
      context: this.#context,
      record: this.record,
      random: this.#random,
      earlierRuns: this.#runs,
    })
    this.#runs += 1
    return this.#run
  }

  /** A crash is published before the restart; after a probe's kill the API sees only the new container. */
  async #waitForRestart(run: ContainerRun): Promise<void> {
    const waitMs = this.#backOff.waitMs(Date.now(), Date.now())
    if (!run.wasKilled || waitMs > 0) this.#setEnded(run)
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
    const policy = this.#context.pod.spec.restartPolicy ?? 'Always'
    if (policy === 'Never') return false
    return run.end?.terminated?.exitCode !== 0 || (policy === 'Always' && !this.#isInit)
  }

  #setEnded(run: ContainerRun): void {
    this.#setState(run)
    this.#context.publish()
  }

  #setState(run: ContainerRun | undefined): void {
    this.record.state = run?.end ?? unknownState
    this.record.containerId = run?.containerId
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

function formatDelay(delayMs: number): string {
  const minutes = Math.floor(delayMs / 60_000)
  const seconds = (delayMs % 60_000) / 1000
  return minutes > 0 ? `${String(minutes)}m${String(seconds)}s` : `${String(seconds)}s`
}
