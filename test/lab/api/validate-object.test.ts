import { expect, test } from 'vitest'
import { validateObject } from '../../../src/lab/api/validate-object.ts'
import type { KubeObject, ResourceName } from '../../../src/lab/api/store.ts'

/** The words are those of kube-apiserver 1.34.4, asked with `--dry-run=server`. */
const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const LONG = 'a'.repeat(70)

const check = (resource: ResourceName, name: string, more: object = {}) =>
  validateObject(resource, { metadata: { name }, ...more } as unknown as KubeObject)

const pod = (containers: readonly object[], more: object = {}) =>
  check('pods', 'm', { spec: { containers, ...more } })

test('a name that is too long is told its limit, not a pattern that it keeps', () => {
  expect(check('configmaps', 'a'.repeat(254))).toEqual([
    `metadata.name: Invalid value: "${'a'.repeat(254)}": must be no more than 253 characters`,
  ])
  expect(pod([{ name: LONG, image: 'a' }])).toEqual([
    `spec.containers[0].name: Invalid value: "${LONG}": must be no more than 63 characters`,
  ])
})

test('a namespace has the name of a label', () => {
  expect(check('namespaces', 'a.b')).toEqual([`metadata.name: Invalid value: "a.b": ${LABEL}`])
  expect(check('configmaps', 'a.b')).toEqual([])
})

test.each([
  ['/x', ['prefix part must be non-empty']],
  ['A_b.c/x', [`prefix part ${SUBDOMAIN}`]],
  [LONG, ['name part must be no more than 63 characters']],
  ['example.com/role', []],
])('the label key "%s": %j', (key, faults) => {
  const labels = { [key]: 'b' }
  expect(
    validateObject('configmaps', { metadata: { name: 'm', labels } } as unknown as KubeObject),
  ).toEqual(faults.map((fault) => `metadata.labels: Invalid value: "${key}": ${fault}`))
})

test('a label of 64 characters and more is refused, in a selector too', () => {
  const labels = { app: LONG }
  const spec = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'a' }] } },
  }
  const found = validateObject('deployments', {
    metadata: { name: 'm', labels },
    spec,
  } as unknown as KubeObject)
  const fault = `Invalid value: "${LONG}": must be no more than 63 characters`
  expect(found).toEqual([
    `metadata.labels: ${fault}`,
    `spec.selector.matchLabels: ${fault}`,
    `spec.selector: Invalid value: {"matchLabels":{"app":"${LONG}"}}: invalid label selector`,
  ])
})

test('the operators of a selector are known ones, with values or without', () => {
  const selector = {
    matchExpressions: [
      { key: 'a', operator: 'Foo' },
      { key: 'b', operator: 'In' },
    ],
  }
  expect(check('deployments', 'm', { spec: { selector } })).toEqual(
    expect.arrayContaining([
      'spec.selector.matchExpressions[0].operator: Invalid value: "Foo": not a valid selector operator',
      "spec.selector.matchExpressions[1].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ]),
  )
})

test('ports of containers: protocol, names and names given twice', () => {
  const ports = [
    { containerPort: 80, protocol: 'tcp', name: 'http' },
    { containerPort: 81, name: 'http' },
    { containerPort: 82, name: 'a'.repeat(16) },
  ]
  expect(pod([{ name: 'c', image: 'a', ports }])).toEqual([
    'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
    `spec.containers[0].ports[2].name: Invalid value: "${'a'.repeat(16)}": must be no more than 15 characters`,
    'spec.containers[0].ports[1].name: Duplicate value: "http"',
  ])
})

test('environment, hooks, probes and signals', () => {
  const env = [{ name: 'A=B' }, { name: 'a', value: 'b', valueFrom: {} }]
  const lifecycle = { preStop: { exec: { command: [] } }, stopSignal: 'SIGFOO' }
  const readinessProbe = { httpGet: { port: 'a b' } }
  const found = pod([{ name: 'c', image: 'a', env, lifecycle, readinessProbe }])
  expect(found.map((one) => one.replace(/: "SIGABRT".*/, ': …'))).toEqual([
    `spec.containers[0].env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='`,
    'spec.containers[0].env[1].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
    'spec.containers[0].readinessProbe.httpGet.port: Invalid value: "a b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    'spec.containers[0].lifecycle.stopSignal: Unsupported value: "SIGFOO": supported values: …',
    'spec.containers[0].lifecycle.preStop.exec.command: Required value',
  ])
})

test('volumes have names of labels, each once', () => {
  const volumes = [{ name: 'V_' }, { name: 'v' }, { name: 'v' }]
  expect(pod([{ name: 'c', image: 'a' }], { volumes })).toEqual([
    `spec.volumes[0].name: Invalid value: "V_": ${LABEL}`,
    'spec.volumes[2].name: Duplicate value: "v"',
  ])
})

test('a Service: the name of a port, a port twice, the selector', () => {
  const ports = [
    { port: 80, name: 'Foo' },
    { port: 80, name: 'b', targetPort: 80 },
  ]
  expect(check('services', 'web', { spec: { ports, selector: { app: '-x' } } })).toEqual([
    `spec.ports[0].name: Invalid value: "Foo": ${LABEL}`,
    expect.stringMatching(/^spec\.selector: Invalid value: "-x": a valid label must/),
    'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
  ])
})

test('an Ingress: hosts and backends', () => {
  const path = (backend: object) => ({ path: '/', pathType: 'Prefix', backend })
  const paths = [
    path({ service: { name: 'W_', port: { number: 99999 } } }),
    path({ service: { name: 'web', port: { number: 1, name: 'x' } } }),
    path({}),
  ]
  const rules = [{ host: 'A_b' }, { host: '1.2.3.4' }, { host: '*.x.y', http: { paths } }]
  const at = (index: number) => `spec.rules[2].http.paths[${index}].backend`
  expect(check('ingresses', 'i', { spec: { rules } })).toEqual([
    `spec.rules[0].host: Invalid value: "A_b": ${SUBDOMAIN}`,
    'spec.rules[1].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
    expect.stringMatching(
      /^spec\.rules\[2\]\.http\.paths\[0\]\.backend\.service\.name: Invalid value: "W_": a DNS-1035 label/,
    ),
    `${at(0)}.service.port.number: Invalid value: 99999: must be between 1 and 65535, inclusive`,
    `${at(1)}: Invalid value: "": cannot set both port name & port number`,
    `${at(2)}: Invalid value: "": resource or service backend is required`,
  ])
})
