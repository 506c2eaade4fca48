import { kubectl } from './test-cluster.ts'

const KINDS = [
  'deployments',
  'statefulsets',
  'daemonsets',
  'services',
  'ingresses',
  'poddisruptionbudgets',
  'configmaps',
  'leases',
]

/** Annotations that controllers count on by themselves. */
const COUNTED = ['deployment.kubernetes.io/revision', 'deprecated.daemonset.template.generation']

interface Listed {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly labels?: object
    readonly annotations?: Readonly<Record<string, string>>
    readonly finalizers?: readonly string[]
  }
  readonly spec?: object
  readonly data?: object
}

/**
 * What a namespace is meant to be, by kind and name: all that is written by people and not by controllers. What must
 * change with every write (resourceVersion, generation, revision, managedFields) is left out.
 */
export async function namespaceState(namespace: string): Promise<Record<string, unknown>> {
  const objects = await list(['-n', namespace, 'get', KINDS.join(','), '-o', 'json'])
  return Object.fromEntries(
    objects.map((one) => [`${one.kind}/${one.metadata.name}`, intended(one)]),
  )
}

/** Whether each node takes pods. */
export async function nodeState(): Promise<Record<string, boolean>> {
  const nodes = await list(['get', 'nodes', '-o', 'json'])
  return Object.fromEntries(
    nodes.map(({ metadata, spec }) => {
      const { unschedulable = false } = spec as { unschedulable?: boolean }
      return [metadata.name, !unschedulable]
    }),
  )
}

const list = async (args: readonly string[]): Promise<readonly Listed[]> =>
  (JSON.parse(await kubectl(args)) as { items: readonly Listed[] }).items

const intended = ({ metadata, spec, data }: Listed) => ({
  labels: metadata.labels ?? {},
  annotations: Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([name]) => !COUNTED.includes(name)),
  ),
  finalizers: metadata.finalizers ?? [],
  spec,
  data,
})
