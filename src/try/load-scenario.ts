import type { JsonObject } from '../scenario/scenario.ts'
import { podSpec } from './pod-manifest.ts'
import type { TrySpec } from './try-spec.ts'

const REPLICAS = 4

/** The server as a Deployment behind a Service and an Ingress, all named `app`; a probe where the path is known. */
export function workload(spec: TrySpec): JsonObject[] {
  const labels = { app: 'app' }
  const template = podSpec(spec, 'load') as { containers: JsonObject[] } & JsonObject
  const readinessProbe = {
    httpGet: { path: spec.readyPath ?? spec.path, port: spec.port },
    periodSeconds: 1,
    timeoutSeconds: 2,
  }
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'app' },
      spec: {
        replicas: REPLICAS,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            ...template,
            containers: template.containers.map((one) => ({ ...one, readinessProbe })),
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'app' },
      spec: { selector: labels, ports: [{ port: 80, targetPort: spec.port }] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'app' },
      spec: { defaultBackend: { service: { name: 'app', port: { number: 80 } } } },
    },
  ]
}

/** The scenario file of the load: scaled to half, then restarted, with no preStop. */
export const loadScenario = (spec: TrySpec, through: 'service' | 'ingress'): JsonObject => ({
  podtank: 1,
  name: `try-${through}`,
  about: `${REPLICAS} pods scaled to ${REPLICAS / 2} and restarted under load, without preStop`,
  target: { workload: 'deployment/app', through: `${through}/app` },
  load: {
    schedule: 'const(50,6s)',
    connections: 'both',
    // What a proxy sends to a pod that is gone comes back after 3 s, when nobody answers for its address.
    timeout: '5s',
    requests: [`GET ${spec.path}`],
  },
  steps: [
    { wait: '500ms' },
    { scale: { replicas: REPLICAS / 2 } },
    { wait: '1s' },
    { restart: {} },
    { wait: '2s' },
  ],
  manifests: ['app.json'],
})
