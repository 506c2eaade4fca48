type Members = Readonly<Record<string, unknown>>

export const configMap = (name: string, data: Members = {}, metadata: Members = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
})

export const container = (more: Members = {}) => ({
  name: 'app',
  image: 'example.test/app:1',
  ...more,
})

/** No scheduler takes it: it stays as it is. */
export const podSpec = (more: Members = {}) => ({
  schedulerName: 'nobody',
  containers: [container()],
  ...more,
})

export const pod = (name: string, spec: Members = {}, metadata: Members = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: podSpec(spec),
})

/** Paused and without replicas, so that its controller does not write while the case runs. */
export const deployment = (name: string, spec: Members = {}, template: Members = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    paused: true,
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: podSpec(template) },
    ...spec,
  },
})

export const service = (name: string, spec: Members = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
})

export const ingress = (name: string, spec: Members = {}) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name },
  spec: {
    ingressClassName: 'nobody',
    rules: [
      {
        host: 'shop.test',
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: 'web', port: { number: 80 } } },
            },
          ],
        },
      },
    ],
    ...spec,
  },
})

export const budget = (name: string, spec: Members = {}) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name },
  spec: { minAvailable: 1, selector: { matchLabels: { app: name } }, ...spec },
})

export const autoscaler = (name: string, spec: Members = {}) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name },
  spec: {
    maxReplicas: 3,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    ...spec,
  },
})

export const job = (name: string, spec: Members = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    suspend: true,
    template: { spec: { restartPolicy: 'Never', ...podSpec() } },
    ...spec,
  },
})
