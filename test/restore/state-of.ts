import type { TestCluster } from '../lab/api/start-test-cluster.ts'

interface Seen {
  readonly metadata: {
    readonly name: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec?: unknown
}

/** Where a workload's controller keeps its history, with copies of its annotations. */
const HISTORIES = { deployments: 'replicasets', statefulsets: 'controllerrevisions' } as const

/** What must be as it was, of the workload `web` and a node: each object without what the cluster itself counts and sets. */
export async function stateOf(
  cluster: Pick<TestCluster, 'request'>,
  namespace: string,
  node: string,
  resource: keyof typeof HISTORIES = 'deployments',
) {
  const get = async (path: string) => (await cluster.request('GET', path)).body as unknown as Seen
  const list = async (path: string) =>
    ((await cluster.request('GET', path)).body as unknown as { items: readonly Seen[] }).items
  const apps = `/apis/apps/v1/namespaces/${namespace}`
  const history = await list(`${apps}/${HISTORIES[resource]}`)
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`
  const maps = `/api/v1/namespaces/${namespace}/configmaps`
  return {
    objects: [
      ...[await get(`${apps}/${resource}/web`), await get(`/api/v1/nodes/${node}`)].map(plain),
      // Only what a run may have left on them: they come and go with each rollout.
      history.flatMap(({ metadata }) => ownAnnotations(metadata.annotations)),
    ],
    locks: [
      ...(await list(leases)).map(({ metadata }) => `${leases}/${metadata.name}`),
      ...(await list(maps))
        .filter(({ metadata }) => metadata.name.startsWith('podtank-'))
        .map(({ metadata }) => `${maps}/${metadata.name}`),
    ],
  }
}

const plain = ({ metadata, spec }: Seen) => ({
  name: metadata.name,
  labels: metadata.labels,
  annotations: Object.fromEntries(
    Object.entries(metadata.annotations ?? {})
      // The controller counts on with each rollout, there and back.
      .filter(([name]) => name !== 'deployment.kubernetes.io/revision')
      .sort(),
  ),
  spec,
})

const ownAnnotations = (annotations: Seen['metadata']['annotations']) =>
  Object.keys(annotations ?? {}).filter((name) => name.startsWith('podtank.dev/'))
