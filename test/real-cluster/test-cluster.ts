import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The cluster that the suite was given, and how it differs from another. */
export const testCluster = {
  kubeconfig: process.env['PODTANK_TEST_CLUSTER'] ?? '',
  /** What stands before `nginx:sigterm`, `nginx:sigquit`, `phpfpm:1` and `node:1`. */
  images: process.env['PODTANK_TEST_IMAGES'] ?? 'podtank.test/',
  /** Of an ingress controller whose Ingresses publish an address that is reached from here. */
  ingressClass: process.env['PODTANK_TEST_INGRESS_CLASS'] ?? 'traefik',
} as const

/** Flags by which podtank finds a namespace of the cluster. */
export const flagsFor = (namespace: string): string[] => [
  '--kubeconfig',
  testCluster.kubeconfig,
  '-n',
  namespace,
]

/** What kubectl prints; throws when it fails. */
export async function kubectl(args: readonly string[], input?: string): Promise<string> {
  const running = run('kubectl', ['--kubeconfig', testCluster.kubeconfig, ...args], {
    maxBuffer: 64 * 1024 * 1024,
  })
  running.child.stdin?.end(input)
  return (await running).stdout
}

/** What the cluster has that not every cluster has. */
export interface ClusterFeatures {
  readonly ingress: boolean
  /** Nodes that take pods. */
  readonly nodes: number
}

/** Looked up before the tests are collected, so that a test that cannot run says so by its name. */
export function readFeatures(): ClusterFeatures {
  const names = (kind: string, fields: string) =>
    execFileSync(
      'kubectl',
      ['--kubeconfig', testCluster.kubeconfig, 'get', kind, '-o', `jsonpath=${fields}`],
      { encoding: 'utf8' },
    )
      .split('\n')
      .filter(Boolean)
  const perItem = (path: string) => `{range .items[*]}${path}{"\\n"}{end}`
  return {
    ingress: names('ingressclasses', perItem('{.metadata.name}')).includes(
      testCluster.ingressClass,
    ),
    nodes: names('nodes', perItem('n{.spec.unschedulable}')).filter((one) => one === 'n').length,
  }
}
