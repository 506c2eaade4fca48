import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { kubeTime } from '../api/kube-time.ts'
import type { Pod } from '../api/kinds/pod.ts'
import type { NodeServices } from './node-services.ts'
import { PodContainers } from './pod-containers.ts'
import { plegDelayMs, plegRandom } from './pod-context.ts'
import type { PodContext } from './pod-context.ts'
import { podStatus } from './pod-status.ts'
import { prepareVolumes } from './volumes/prepare-volumes.ts'
import type { PodSandbox } from './sandbox/pod-sandbox.ts'

/** Volumes and cgroups take this long to go (k8s-mechanics 2.2, "object removed"). */
const TEARDOWN_MS = { least: 100, most: 500 }

/** From the last exit until the runtime's network plugin has taken the address: what was sent last still arrives. */
const SANDBOX_STOP_MS = { least: 50, most: 250 }

/** Brings one pod to life, keeps its status, and ends it. */
export class PodWorker {
  readonly #context: PodContext
  readonly #containers: PodContainers
  readonly #startTime = kubeTime()
  readonly #running: Promise<void>
  #terminating: Promise<void> | undefined
  #ended: Promise<void> | undefined
  readonly #stopping = new AbortController()
  #terminated = false
  #sandbox: PodSandbox | undefined
  #ready = false

  constructor(node: NodeServices, pod: Pod) {
    this.#context = this.#createContext(node, pod)
    this.#containers = new PodContainers(this.#context)
    this.#running = this.#run()
  }

  /** The pod in the API has changed; a deletion begins its end, and only once. */
  update(pod: Pod): void {
    if (pod.metadata.deletionTimestamp === undefined || this.#terminating) return
    this.#context.truth('delete-requested')
    const graceSeconds = Math.max(1, pod.metadata.deletionGracePeriodSeconds ?? 0)
    this.#terminating = this.#terminate(graceSeconds)
  }

  /** The pod has left the API; what still runs of it is ended. */
  removed(): void {
    this.#context.truth('gone')
    this.#terminating ??= this.#terminate(1)
    const { namespace = 'default', name } = this.#context.pod.metadata
    this.#context.node.logs.forget(namespace, name)
  }

  async #run(): Promise<void> {
    await mkdir(this.#context.directory, { recursive: true })
    this.#publish()
    await this.#createSandbox()
    if (!this.#terminating) await prepareVolumes(this.#context, this.#stopping.signal)
    if (!this.#terminating) await this.#containers.run()
    if (this.#terminating) return
    // Nothing will run again: what is left of the pod, its sidecars, ends as if it had been deleted.
    await this.#containers.terminate(this.#context.pod.spec.terminationGracePeriodSeconds ?? 30)
    await this.#end()
  }

  async #terminate(graceSeconds: number): Promise<void> {
    const { node, pod, directory } = this.#context
    const random = plegRandom(node, pod.metadata.name)
    // Not within the write that brought the news: other watchers should see it first.
    await Promise.resolve()
    this.#stopping.abort()
    await this.#containers.terminate(graceSeconds)
    await this.#running
    await this.#end(plegDelayMs(random))
    await sleep(random.between(TEARDOWN_MS.least, TEARDOWN_MS.most))
    await rm(directory, { recursive: true, force: true })
    const { namespace = 'default', name, uid } = pod.metadata
    // Gone already when it was force-deleted: then there is nothing to remove, and that is fine.
    node.store.remove('pods', namespace, name, { gracePeriodSeconds: 0, uid })
  }

  /** After the last exit: the sandbox goes, then the terminal status is written (k8s-mechanics 1.2), once. */
  #end(noticedAfterMs = 0): Promise<void> {
    const { node, pod } = this.#context
    const random = plegRandom(node, pod.metadata.name).stream('sandbox')
    this.#ended ??= (async () => {
      await sleep(random.between(SANDBOX_STOP_MS.least, SANDBOX_STOP_MS.most))
      await this.#sandbox?.remove()
      await sleep(noticedAfterMs)
      this.#terminated = true
      this.#containers.settle()
      this.#publish()
    })()
    return this.#ended
  }

  #publish(): void {
    const { node, pod, podIp } = this.#context
    const { namespace = 'default', name, uid } = pod.metadata
    node.store.change<Pod>('pods', namespace, name, (draft) => {
      if (draft.metadata.uid !== uid) return
      draft.status = podStatus(
        {
          pod,
          podIp,
          hostIp: node.hostIp,
          startTime: this.#startTime,
          containers: this.#containers.main.map((runner) => runner.record),
          initContainers: this.#containers.init.map((runner) => runner.record),
          terminated: this.#terminated,
        },
        draft.status,
      )
      this.#noteReadiness(draft)
    })
    this.#containers.statusComputed()
  }

  #noteReadiness(pod: Pod): void {
    const ready = pod.status.conditions?.find((one) => one.type === 'Ready')?.status === 'True'
    if (ready === this.#ready) return
    this.#ready = ready
    this.#context.truth(ready ? 'ready' : 'unready')
  }

  async #createSandbox(): Promise<void> {
    const { node, pod } = this.#context
    const { namespace = 'default', name, uid } = pod.metadata
    const hostname = pod.spec.hostname ?? name
    const sharesProcesses = pod.spec.shareProcessNamespace === true
    this.#sandbox = await node.sandboxes.create({ name, namespace, uid, hostname, sharesProcesses })
  }

  #createContext(node: NodeServices, pod: Pod): PodContext {
    const sandbox = () => this.#sandbox
    return {
      node,
      pod,
      get podIp() {
        return sandbox()?.ip ?? ''
      },
      get enter() {
        return sandbox()?.enter ?? []
      },
      directory: join(node.podsDirectory, pod.metadata.uid),
      publish: () => {
        this.#publish()
      },
      event: ({ container, ...event }) => {
        const isInit = container && pod.spec.initContainers?.includes(container)
        const list = isInit ? 'initContainers' : 'containers'
        const fieldPath = container && { fieldPath: `spec.${list}{${container.name}}` }
        node.store.emitEvent({ ...event, ...fieldPath, regarding: pod, component: 'kubelet' })
      },
      truth: (what, details = {}, atUs) => {
        node.truth.record({ type: 'pod', pod: pod.metadata.name, what, ...details }, atUs)
      },
    }
  }
}
