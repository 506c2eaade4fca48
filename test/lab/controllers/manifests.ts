import type { DeploymentSpec } from '../../../src/lab/api/kinds/deployment.ts'
import type { PodSpec } from '../../../src/lab/api/kinds/pod.ts'
import type { ServiceSpec } from '../../../src/lab/api/kinds/service.ts'
import type { KubeObject } from '../../../src/lab/api/store.ts'

/** The metadata that a client sends. */
export const named = (name: string, more: Partial<KubeObject['metadata']> = {}) => ({
  name,
  namespace: 'default',
  uid: '',
  resourceVersion: '',
  creationTimestamp: '',
  ...more,
})

export const podSpec = (image = 'web:1'): PodSpec => ({
  containers: [{ name: 'web', image, ports: [{ name: 'http', containerPort: 8080 }] }],
})

export const deployment = (
  name: string,
  replicas: number,
  spec: Partial<DeploymentSpec> = {},
): KubeObject & { spec: DeploymentSpec } => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: named(name),
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: podSpec() },
    ...spec,
  },
})

export const service = (
  name: string,
  spec: Partial<ServiceSpec> = {},
): KubeObject & { spec: ServiceSpec } => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: named(name),
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 'http' }], ...spec },
})

export const pod = (
  name: string,
  more: Partial<KubeObject['metadata']> = {},
): KubeObject & { spec: PodSpec } => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: named(name, more),
  spec: podSpec(),
})
