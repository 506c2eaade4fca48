import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { kubeTime } from '../api/kube-time.ts'
import type { Pod } from '../api/kinds/pod.ts'
import { ContainerRunner } from './container-runner.ts'
import type { NodeServices } from './node-services.ts'
import { plegDelayMs, plegRandom } from './pod-context.ts'
import type { PodContext } from './pod-context.ts'
import { podStatus } from './pod-status.ts'

/** Volumes and cgroups take this long to go (k8s-mechanics 2.2, "object removed"). */
const TEARDOWN_MS = { least: 100, most: 500 }

/** Brings one pod to life, keeps its status, and ends it. */
export class PodWorker {
  readonly #context: PodContext
  readonly #initContainers: readonly ContainerRunner[]
  readonly #containers: readonly ContainerRunner[]
  readonly #startTime = kubeTime()
  readonly #running: Promise<void>
  #terminating: Promise<void> | undefined
  #terminated = false
  #ready = false

  constructor(node: NodeServices, pod: Pod) {
    this.#context = this.#createContext(node, pod)
    const runner = (isInit: boolean) => (container: Pod['spec']['containers'][number]) =>
      new ContainerRunner(this.#context, container, isInit)
    const all = pod.spec.initContainers ?? []
    const sidecars = all.filter((container) => container.restartPolicy === 'Always')
    this.#initContainers = all.filter((one) => !sidecars.includes(one)).map(runner(true))
    this.#containers = [...sidecars, ...pod.spec.containers].map(runner(false))
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
    for (const runner of this.#initContainers) {
      if (this.#terminating) return
      await runner.run()
      if (runner.record.state.terminated?.exitCode !== 0) return
    }
    if (this.#terminating) return
    await Promise.all(this.#containers.map((runner) => runner.run()))
  }

  async #terminate(graceSeconds: number): Promise<void> {
    const random = plegRandom(this.#context.node, this.#context.pod.metadata.name)
    const runners = [...this.#initContainers, ...this.#containers]
    // Not within the write that brought the news: other watchers should see it first.
    await Promise.resolve()
    await Promise.all(runners.map((runner) => runner.terminate(graceSeconds)))
    await this.#running
    await sleep(plegDelayMs(random))
    this.#terminated = true
    for (const runner of this.#containers) runner.settle()
    this.#publish()
    await sleep(random.between(TEARDOWN_MS.least, TEARDOWN_MS.most))
    await rm(this.#context.directory, { recursive: true, force: true })
    const { namespace = 'default', name, uid } = this.#context.pod.metadata
    // Gone already when it was force-deleted: then there is nothing to remove, and that is fine.
    this.#context.node.store.remove('pods', namespace, name, { gracePeriodSeconds: 0, uid })
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
          containers: this.#containers.map((runner) => runner.record),
          initContainers: this.#initContainers.map((runner) => runner.record),
          terminated: this.#terminated,
        },
        draft.status,
      )
      this.#noteReadiness(draft)
    })
    for (const runner of this.#containers) runner.statusComputed()
  }

  #noteReadiness(pod: Pod): void {
    const ready = pod.status.conditions?.find((one) => one.type === 'Ready')?.status === 'True'
    if (ready === this.#ready) return
    this.#ready = ready
    this.#context.truth(ready ? 'ready' : 'unready')
  }

  #createContext(node: NodeServices, pod: Pod): PodContext {
    return {
      node,
      pod,
      podIp: node.allocatePodIp(),
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
