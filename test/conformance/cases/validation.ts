import type { ConformanceCase, Step } from '../conformance-case.ts'
import { budget, configMap, container, deployment, ingress, job, pod, service } from '../objects.ts'
import {
  APPS,
  BATCH,
  CORE,
  MERGE,
  NETWORKING,
  POLICY,
  STRATEGIC,
  patch,
  post,
  prepare,
  put,
  remove,
} from '../requests.ts'

const DEPLOYMENTS = `${APPS}/deployments`
const PODS = `${CORE}/pods`
const SERVICES = `${CORE}/services`
const strict = (path: string) => `${path}?fieldValidation=Strict&dryRun=All`
const dry = (path: string, body: unknown): Step => post(`${path}?dryRun=All`, body)
const one = (more: object) => pod('invalid', { containers: [container(more as never)] })

export const strictCases: readonly ConformanceCase[] = [
  {
    title: 'strict field validation names unknown fields',
    steps: [
      post(strict(`${CORE}/configmaps`), { ...configMap('strict'), dta: {} }),
      post(strict(`${CORE}/configmaps`), configMap('strict', {}, { lables: {} })),
      post(strict(PODS), pod('strict', { containers: [{ ...container(), imag: 'x' }] })),
      post(
        strict(DEPLOYMENTS),
        deployment(
          'strict',
          { replica: 1 },
          { containers: [{ ...container(), ports: [{ port: 1 }] }] },
        ),
      ),
      post(strict(SERVICES), service('strict', { ports: [{ port: 80, target: 1 }] })),
      post(strict(`${NETWORKING}/ingresses`), ingress('strict', { class: 'x' })),
      post(strict(`${POLICY}/poddisruptionbudgets`), budget('strict', { min: 1 })),
      post(strict(`${BATCH}/jobs`), job('strict', { paralelism: 1 })),
    ],
  },
  {
    title: 'strict field validation names duplicate fields',
    steps: [
      post(
        strict(`${CORE}/configmaps`),
        '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"twice"},"data":{"a":"1","a":"2"}}',
      ),
      post(
        strict(`${CORE}/configmaps`),
        'kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: twice\ndata:\n  a: "1"\n  a: "2"\n',
        { contentType: 'application/yaml' },
      ),
    ],
  },
  {
    title: 'warnings and silence let unknown fields pass, a wrong word does not',
    steps: [
      post(`${CORE}/configmaps?fieldValidation=Warn&dryRun=All`, { ...configMap('warn'), dta: {} }),
      post(`${CORE}/configmaps?fieldValidation=Ignore&dryRun=All`, {
        ...configMap('warn'),
        dta: {},
      }),
      post(`${CORE}/configmaps?fieldValidation=Odd&dryRun=All`, configMap('warn')),
    ],
  },
  {
    title: 'strict field validation holds for patches and updates',
    steps: [
      prepare(post(DEPLOYMENTS, deployment('strict-patch'))),
      patch(`${DEPLOYMENTS}/strict-patch?fieldValidation=Strict`, MERGE, { spec: { replica: 2 } }),
      patch(`${DEPLOYMENTS}/strict-patch?fieldValidation=Strict`, STRATEGIC, {
        spec: { template: { spec: { containers: [{ name: 'app', imag: 'x' }] } } },
      }),
      put(
        `${DEPLOYMENTS}/strict-patch?fieldValidation=Strict`,
        deployment('strict-patch', { replica: 2 }),
      ),
      patch(
        `${DEPLOYMENTS}/strict-patch?fieldManager=t&fieldValidation=Strict`,
        'application/apply-patch+yaml',
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          spec: { replica: 2 },
        },
      ),
      remove(`${DEPLOYMENTS}/strict-patch`),
    ],
  },
  {
    title: 'a value of the wrong type is a bad request',
    steps: [
      dry(DEPLOYMENTS, deployment('typed', { replicas: '2' })),
      dry(PODS, one({ ports: [{ containerPort: '80' }] })),
      dry(PODS, one({ env: [{ name: 'A', value: 1 }] })),
      dry(`${CORE}/configmaps`, configMap('typed', { a: 1 })),
      dry(SERVICES, service('typed', { ports: { port: 80 } })),
      dry(PODS, pod('typed', {}, { labels: { a: true } })),
    ],
  },
]

export const validationCases: readonly ConformanceCase[] = [
  {
    title: 'an invalid Deployment is refused in the words of Kubernetes',
    steps: [
      dry(DEPLOYMENTS, { ...deployment('x'), spec: undefined }),
      dry(DEPLOYMENTS, deployment('x', { selector: undefined })),
      dry(DEPLOYMENTS, deployment('x', { selector: {} })),
      dry(DEPLOYMENTS, deployment('x', { selector: { matchLabels: { app: 'y' } } })),
      dry(DEPLOYMENTS, deployment('x', { replicas: -1 })),
      dry(DEPLOYMENTS, deployment('x', { minReadySeconds: -1 })),
      dry(DEPLOYMENTS, deployment('x', { progressDeadlineSeconds: 5, minReadySeconds: 5 })),
      dry(
        DEPLOYMENTS,
        deployment('x', { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      ),
      dry(
        DEPLOYMENTS,
        deployment('x', { strategy: { rollingUpdate: { maxUnavailable: '120%' } } }),
      ),
      dry(DEPLOYMENTS, deployment('x', { strategy: { rollingUpdate: { maxSurge: 'many' } } })),
      dry(DEPLOYMENTS, deployment('x', { strategy: { type: 'Odd' } })),
      dry(
        DEPLOYMENTS,
        deployment('x', { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
      ),
      dry(DEPLOYMENTS, deployment('x', {}, { restartPolicy: 'Never' })),
      dry(DEPLOYMENTS, deployment('Not_A_Name')),
      dry(DEPLOYMENTS, { ...deployment('x'), metadata: {} }),
    ],
  },
  {
    title: 'an invalid pod is refused in the words of Kubernetes',
    steps: [
      dry(PODS, pod('x', { containers: [] })),
      dry(PODS, pod('x', { containers: [{ image: 'x' }] })),
      dry(PODS, pod('x', { containers: [{ name: 'x' }] })),
      dry(PODS, one({ name: 'Not_A_Name' })),
      dry(PODS, pod('x', { containers: [container(), container()] })),
      dry(PODS, one({ imagePullPolicy: 'Sometimes' })),
      dry(PODS, pod('x', { restartPolicy: 'Odd' })),
      dry(PODS, pod('x', { terminationGracePeriodSeconds: -1 })),
      dry(PODS, one({ ports: [{ containerPort: 0 }] })),
      dry(PODS, one({ ports: [{ containerPort: 70000, name: 'Not_A_Name' }] })),
      dry(PODS, one({ env: [{ value: '1' }] })),
      dry(PODS, one({ resources: { limits: { memory: 'lots' } } })),
      dry(PODS, one({ resources: { limits: { memory: '64Mi' }, requests: { memory: '128Mi' } } })),
      dry(PODS, one({ readinessProbe: { periodSeconds: 5 } })),
      dry(PODS, one({ readinessProbe: { httpGet: { port: 0 } } })),
      dry(PODS, one({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } })),
      dry(PODS, one({ readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: -1 } })),
      dry(PODS, one({ lifecycle: { preStop: {} } })),
      dry(PODS, one({ lifecycle: { preStop: { sleep: { seconds: 31 } } } })),
      dry(PODS, one({ lifecycle: { preStop: { sleep: { seconds: -1 } } } })),
      dry(
        PODS,
        one({ lifecycle: { preStop: { sleep: { seconds: 1 }, exec: { command: ['x'] } } } }),
      ),
      dry(PODS, one({ volumeMounts: [{ name: 'none', mountPath: '/x' }] })),
      dry(PODS, pod('x', {}, { labels: { 'not a key': '1' } })),
      dry(PODS, pod('x', {}, { labels: { a: 'not a value' } })),
      dry(PODS, pod('x', {}, { annotations: { 'not a key': '1' } })),
    ],
  },
  {
    title: 'an invalid Service is refused in the words of Kubernetes',
    steps: [
      dry(SERVICES, service('x', { ports: [] })),
      dry(SERVICES, service('x', { ports: [{ port: 0 }] })),
      dry(SERVICES, service('x', { ports: [{ port: 80 }, { port: 81 }] })),
      dry(
        SERVICES,
        service('x', {
          ports: [
            { name: 'a', port: 80 },
            { name: 'a', port: 81 },
          ],
        }),
      ),
      dry(SERVICES, service('x', { ports: [{ port: 80, protocol: 'ODD' }] })),
      dry(SERVICES, service('x', { ports: [{ port: 80, targetPort: 'Not_A_Name' }] })),
      dry(SERVICES, service('x', { type: 'Odd' })),
      dry(SERVICES, service('x', { clusterIP: 'nonsense' })),
      dry(SERVICES, service('1x')),
    ],
  },
  {
    title: 'other invalid objects are refused in the words of Kubernetes',
    steps: [
      dry(`${NETWORKING}/ingresses`, ingress('x', { rules: [], ingressClassName: 'c' })),
      dry(
        `${NETWORKING}/ingresses`,
        ingress('x', {
          rules: [
            {
              http: {
                paths: [
                  {
                    path: 'x',
                    pathType: 'Prefix',
                    backend: { service: { name: 'w', port: { number: 80 } } },
                  },
                ],
              },
            },
          ],
        }),
      ),
      dry(
        `${NETWORKING}/ingresses`,
        ingress('x', {
          rules: [
            {
              http: {
                paths: [{ path: '/', backend: { service: { name: 'w', port: { number: 80 } } } }],
              },
            },
          ],
        }),
      ),
      dry(
        `${NETWORKING}/ingresses`,
        ingress('x', {
          rules: [
            {
              http: {
                paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'w' } } }],
              },
            },
          ],
        }),
      ),
      dry(`${POLICY}/poddisruptionbudgets`, budget('x', { maxUnavailable: 1 })),
      dry(`${POLICY}/poddisruptionbudgets`, budget('x', { minAvailable: -1 })),
      dry(`${POLICY}/poddisruptionbudgets`, budget('x', { minAvailable: 'odd' })),
      dry(`${BATCH}/jobs`, job('x', { parallelism: -1 })),
      dry(`${BATCH}/jobs`, job('x', { template: { spec: { containers: [container()] } } })),
      dry(`${CORE}/configmaps`, configMap('x', { 'not a key!': '1' })),
      dry(`${CORE}/configmaps`, { ...configMap('x', { a: '1' }), binaryData: { a: 'MQ==' } }),
    ],
  },
  {
    title: 'what is immutable stays',
    steps: [
      prepare(post(DEPLOYMENTS, deployment('fixed'))),
      patch(`${DEPLOYMENTS}/fixed`, MERGE, {
        spec: {
          selector: { matchLabels: { app: 'other' } },
          template: { metadata: { labels: { app: 'other' } } },
        },
      }),
      prepare(post(PODS, pod('fixed'))),
      patch(`${PODS}/fixed`, STRATEGIC, {
        spec: { containers: [{ name: 'app', image: 'example.test/app:2' }] },
      }),
      patch(`${PODS}/fixed`, MERGE, { spec: { restartPolicy: 'Never' } }),
      patch(`${PODS}/fixed`, STRATEGIC, { spec: { containers: [{ name: 'more', image: 'x' }] } }),
      prepare(post(SERVICES, service('fixed'))),
      patch(`${SERVICES}/fixed`, MERGE, { spec: { clusterIP: '10.0.0.1' } }),
      prepare(post(`${BATCH}/jobs`, job('fixed'))),
      patch(`${BATCH}/jobs/fixed`, MERGE, { spec: { completions: 5 } }),
      prepare(post(`${CORE}/configmaps`, { ...configMap('fixed', { a: '1' }), immutable: true })),
      patch(`${CORE}/configmaps/fixed`, MERGE, { data: { a: '2' } }),
      patch(`${CORE}/configmaps/fixed`, MERGE, { immutable: false }),
      prepare(remove(`${DEPLOYMENTS}/fixed`)),
      prepare(remove(`${PODS}/fixed`)),
      prepare(remove(`${SERVICES}/fixed`)),
      prepare(remove(`${BATCH}/jobs/fixed?propagationPolicy=Background`)),
      prepare(remove(`${CORE}/configmaps/fixed`)),
    ],
  },
  {
    title: 'Services of each type get their defaults',
    steps: [
      dry(SERVICES, service('types', { clusterIP: 'None' })),
      dry(SERVICES, service('types', { type: 'NodePort', externalTrafficPolicy: 'Local' })),
      dry(
        SERVICES,
        service('types', {
          type: 'ExternalName',
          externalName: 'x.test',
          ports: undefined,
          selector: undefined,
        }),
      ),
      dry(SERVICES, service('types', { type: 'ExternalName' })),
      dry(SERVICES, service('types', { sessionAffinity: 'ClientIP' })),
    ],
  },
  {
    title: 'a pod gets the defaults of probes, hooks and volumes',
    steps: [
      dry(
        PODS,
        pod('defaults', {
          initContainers: [container({ name: 'side', restartPolicy: 'Always' })],
          containers: [
            container({
              image: 'example.test/app',
              env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
              ports: [{ containerPort: 80 }],
              readinessProbe: { httpGet: { port: 80 } },
              livenessProbe: { exec: { command: ['true'] } },
              startupProbe: { grpc: { port: 80 } },
              lifecycle: {
                preStop: { httpGet: { port: 80 } },
                postStart: { sleep: { seconds: 1 } },
              },
              resources: { limits: { cpu: '0.5', memory: '64Mi' } },
              volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
            }),
          ],
          volumes: [{ name: 'tmp' }, { name: 'map', configMap: { name: 'x' } }],
        }),
      ),
    ],
  },
]
