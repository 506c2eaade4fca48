import { constants } from 'node:os'
import type { Container, ContainerPort, EnvVar, Hook, Probe } from '../kinds/pod.ts'
import { parseQuantity } from '../../kubelet/parse-quantity.ts'
import { isCount, isPort, mistakes } from './mistakes.ts'
import { invalid, labelFaults, portNameFaults } from './name-faults.ts'

const PROTOCOLS = ['SCTP', 'TCP', 'UDP']
const SIGNALS = Object.keys(constants.signals).sort()
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const
const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'sleep', 'grpc'] as const
const COUNTS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const

/** What is asked for may not be more than what is allowed. */
function validateResources(path: string, { resources }: Container): string[] {
  const { requests = {}, limits = {} } = resources ?? {}
  return Object.entries(requests).flatMap(([name, request]) => {
    const limit = limits[name]
    const asked = parseQuantity(request)
    const allowed = limit === undefined ? undefined : parseQuantity(limit)
    if (asked === undefined || allowed === undefined || asked <= allowed) return []
    return [
      `${path}.requests: Invalid value: ${JSON.stringify(request)}: must be less than or equal to ${name} limit of ${String(limit)}`,
    ]
  })
}

/** The mistakes of one container; `graceSeconds` is the pod's. */
export function validateContainer(
  path: string,
  container: Container,
  graceSeconds: number,
): string[] {
  const { name, image, imagePullPolicy, ports = [], env = [], lifecycle } = container
  const found: string[] = []
  if (!name) found.push(mistakes.required(`${path}.name`))
  else found.push(...invalid(`${path}.name`, name, labelFaults(name)))
  if (!image) found.push(mistakes.required(`${path}.image`))
  if (imagePullPolicy && !['Always', 'IfNotPresent', 'Never'].includes(imagePullPolicy)) {
    const supported = ['Always', 'IfNotPresent', 'Never']
    found.push(mistakes.unsupported(`${path}.imagePullPolicy`, imagePullPolicy, supported))
  }
  found.push(...ports.flatMap((port, index) => validatePort(`${path}.ports[${index}]`, port)))
  found.push(...validateSameNames(path, ports))
  found.push(...env.flatMap((one, index) => validateEnv(`${path}.env[${String(index)}]`, one)))
  found.push(...validateResources(`${path}.resources`, container))
  for (const kind of PROBES) {
    const probe = container[kind]
    if (probe) found.push(...validateProbe(`${path}.${kind}`, probe, kind !== 'readinessProbe'))
  }
  const { stopSignal } = lifecycle ?? {}
  if (stopSignal !== undefined && !SIGNALS.includes(stopSignal)) {
    found.push(mistakes.unsupported(`${path}.lifecycle.stopSignal`, stopSignal, SIGNALS))
  }
  for (const kind of ['postStart', 'preStop'] as const) {
    const hook = lifecycle?.[kind]
    if (hook) found.push(...validateHook(`${path}.lifecycle.${kind}`, hook, graceSeconds))
  }
  return found
}

function validatePort(path: string, port: ContainerPort): string[] {
  const { name = '', containerPort, protocol = 'TCP' } = port
  const found = name === '' ? [] : invalid(`${path}.name`, name, portNameFaults(name))
  if (!containerPort) found.push(mistakes.required(`${path}.containerPort`))
  else if (!isPort(containerPort)) found.push(mistakes.port(`${path}.containerPort`, containerPort))
  if (!PROTOCOLS.includes(protocol)) {
    found.push(mistakes.unsupported(`${path}.protocol`, protocol, PROTOCOLS))
  }
  return found
}

function validateSameNames(path: string, ports: readonly ContainerPort[]): string[] {
  const names = ports.map(({ name }) => name)
  return names.flatMap((name, index) =>
    name && names.indexOf(name) < index
      ? [`${path}.ports[${String(index)}].name: Duplicate value: "${name}"`]
      : [],
  )
}

function validateEnv(path: string, { name, value, valueFrom }: EnvVar): string[] {
  if (!name) return [mistakes.required(`${path}.name`)]
  const found = /^[ -<>-~]+$/.test(name)
    ? []
    : invalid(`${path}.name`, name, [
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      ])
  return value && valueFrom
    ? [
        ...found,
        ...invalid(`${path}.valueFrom`, '', ['may not be specified when `value` is not empty']),
      ]
    : found
}

function validateProbe(path: string, probe: Probe, succeedsAtOnce: boolean): string[] {
  const found = validateHandlers(path, probe)
  const named = probe as Readonly<Record<string, unknown>>
  for (const name of COUNTS) {
    const value = named[name]
    if (value !== undefined && !isCount(value))
      found.push(mistakes.negative(`${path}.${name}`, value))
  }
  const { successThreshold = 1 } = probe
  if (succeedsAtOnce && successThreshold !== 1 && isCount(successThreshold)) {
    found.push(`${path}.successThreshold: Invalid value: ${String(successThreshold)}: must be 1`)
  }
  return found
}

function validateHook(path: string, hook: Hook, graceSeconds: number): string[] {
  const found = validateHandlers(path, hook)
  const seconds = hook.sleep?.seconds
  if (found.length === 0 && seconds !== undefined && !(seconds >= 0 && seconds <= graceSeconds)) {
    found.push(
      `${path}.sleep: Invalid value: ${String(seconds)}: must be non-negative and ` +
        `less than terminationGracePeriodSeconds (${String(graceSeconds)})`,
    )
  }
  return found
}

/** Exactly one way to do it, and a port that is one. */
function validateHandlers(path: string, action: Hook | Probe): string[] {
  const members = action as Readonly<
    Record<string, { port?: unknown; command?: readonly string[] } | undefined>
  >
  const [first, ...more] = HANDLERS.filter((name) => members[name] !== undefined)
  if (first === undefined) return [mistakes.required(path, 'must specify a handler type')]
  const found = more.map(
    (name) => `${path}.${name}: Forbidden: may not specify more than 1 handler type`,
  )
  const { port, command } = members[first] ?? {}
  if (first === 'exec' && !command?.length) found.push(mistakes.required(`${path}.exec.command`))
  if (typeof port === 'number' && !isPort(port)) {
    found.push(mistakes.port(`${path}.${first}.port`, port))
  }
  if (typeof port === 'string') {
    found.push(...invalid(`${path}.${first}.port`, port, portNameFaults(port)))
  }
  return found
}
