import { ContainerRunner } from './container-runner.ts'
import type { ContainerRole } from './container-runner.ts'
import type { PodContext } from './pod-context.ts'

/** The containers of one pod and their order (k8s-mechanics 1.2, 1.8). */
export class PodContainers {
  /** In the order of the spec, sidecars among them. */
  readonly init: readonly ContainerRunner[]
  readonly main: readonly ContainerRunner[]
  readonly #sidecars: readonly ContainerRunner[]
  #isStopping = false

  constructor(context: PodContext) {
    const { initContainers = [], containers } = context.pod.spec
    this.init = initContainers.map((container) => {
      const role: ContainerRole = container.restartPolicy === 'Always' ? 'sidecar' : 'init'
      return new ContainerRunner(context, container, role)
    })
    this.main = containers.map((container) => new ContainerRunner(context, container, 'main'))
    this.#sidecars = this.init.filter(({ role }) => role === 'sidecar')
  }

  /**
   * Init containers one after another, where a sidecar only has to be started; then the regular ones, each after the
   * postStart hook of the one before. Resolves when no regular container will run any more; sidecars may.
   */
  async run(): Promise<void> {
    for (const runner of this.init) {
      if (this.#isStopping) return
      const run = runner.run()
      await (runner.role === 'sidecar' ? runner.started : run)
      if (runner.role === 'init' && runner.record.state.terminated?.exitCode !== 0) return
    }
    const runs: Promise<void>[] = []
    for (const runner of this.main) {
      if (this.#isStopping) break
      runs.push(runner.run())
      await runner.launched
    }
    await Promise.all(runs)
  }

  /** Stops all: regular ones in parallel; then sidecars in reverse order, whose preStop hooks do not wait. */
  async terminate(graceSeconds: number): Promise<void> {
    this.#isStopping = true
    const regular = [...this.init, ...this.main].filter(({ role }) => role !== 'sidecar')
    let stopped: Promise<unknown> = Promise.all(
      regular.map((runner) => runner.terminate(graceSeconds)),
    )
    for (const sidecar of this.#sidecars.toReversed()) {
      stopped = Promise.all([stopped, sidecar.terminate(graceSeconds, stopped)])
    }
    await stopped
  }

  /** The pod's last status is about to be written. What never had its turn stays waiting. */
  settle(): void {
    const runners = this.#isInitialized() ? [...this.init, ...this.main] : this.init
    for (const runner of runners) runner.settle()
  }

  statusComputed(): void {
    for (const runner of [...this.#sidecars, ...this.main]) runner.statusComputed()
  }

  #isInitialized(): boolean {
    return this.init.every(
      ({ role, record }) => role === 'sidecar' || record.state.terminated?.exitCode === 0,
    )
  }
}
