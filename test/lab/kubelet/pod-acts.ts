import type { Container, ContainerStatus, Hook } from '../../../src/lab/api/kinds/pod.ts'
import type { PodTruth } from '../../../src/lab/ground-truth.ts'
import { until } from './test-node.ts'
import type { TestNode } from './test-node.ts'

/** What tests do with the pods of a node and ask about them. */
export interface PodActs {
  remove(name: string, gracePeriodSeconds?: number): void
  ready(name: string): Promise<void>
  /** Its object has left the API and so has its worker. */
  gone(name: string): Promise<void>
  /** Deletes a pod once it is Ready and waits until it is gone. */
  runAndRemove(name: string, gracePeriodSeconds?: number): Promise<void>
  /** Seconds between two moments of a container, or of the only one. */
  seconds(name: string, from: What, to: What, container?: string): number
  /** The truths of a pod as `what container`, without the pod's own. */
  order(name: string): string[]
  status(name: string, container?: string): ContainerStatus | undefined
  log(name: string, container: string, previous?: boolean): Promise<string>
}

type What = PodTruth['what']

export function podActs(node: () => TestNode): PodActs {
  const at = (name: string, what: What, container?: string) => {
    const entry = node()
      .truth(name)
      .find((one) => one.what === what && (!container || one.container === container))
    if (!entry) throw new Error(`${name} has no ${what}`)
    return entry.atUs
  }
  const acts: PodActs = {
    remove: (name, gracePeriodSeconds) => {
      const options = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }
      node().store.remove('pods', 'default', name, options)
    },
    ready: (name) => until(`${name} ready`, () => node().isReady(name)),
    gone: (name) =>
      until(
        `${name} gone`,
        () =>
          node()
            .truth(name)
            .some(({ what }) => what === 'gone'),
        20_000,
      ),
    runAndRemove: async (name, gracePeriodSeconds) => {
      await acts.ready(name)
      acts.remove(name, gracePeriodSeconds)
      await acts.gone(name)
    },
    seconds: (name, from, to, container) =>
      (at(name, to, container) - at(name, from, container)) / 1e6,
    order: (name) =>
      node()
        .truth(name)
        .filter(({ container }) => container !== undefined)
        .map(({ what, container }) => `${what} ${container ?? ''}`),
    status: (name, container) => {
      const { containerStatuses = [], initContainerStatuses = [] } = node().pod(name)?.status ?? {}
      const all = [...containerStatuses, ...initContainerStatuses]
      return container === undefined ? all[0] : all.find((one) => one.name === container)
    },
    log: async (pod, container, previous = false) => {
      const options = { namespace: 'default', pod, container, follow: false, timestamps: false }
      return (
        (await node()
          .logs.open({ ...options, previous })
          ?.toArray()) ?? []
      ).join('')
    },
  }
  return acts
}

/** A container that handles no signal, also where it is not PID 1. */
export const deaf = (name: string, preStop?: Hook): Container => ({
  name,
  image: 'busybox',
  command: ['sh', '-c', 'trap "" TERM; while :; do sleep 0.2; done'],
  ...(preStop && { lifecycle: { preStop } }),
})

/** A container that exits with `code` at SIGTERM, after `seconds`. */
export const listener = (name: string, seconds = 0, code = 0): Container => ({
  name,
  image: 'busybox',
  command: [
    'sh',
    '-c',
    `trap 'sleep ${String(seconds)}; exit ${String(code)}' TERM; while :; do sleep 0.05; done`,
  ],
})
