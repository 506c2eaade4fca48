import { canonicalQuantity } from './canonical-quantity.ts'
import type { Container, Hook, PodSpec, Probe, Volume } from './kinds/pod.ts'

/** Defaults of a pod's spec or of a pod template's (k8s-mechanics 1.11 for probes). */
export function fillPodSpecDefaults(spec: PodSpec): void {
  spec.restartPolicy ??= 'Always'
  spec.terminationGracePeriodSeconds ??= 30
  if (spec.terminationGracePeriodSeconds < 0) spec.terminationGracePeriodSeconds = 1
  spec.dnsPolicy ??= 'ClusterFirst'
  spec.schedulerName ??= 'default-scheduler'
  spec.securityContext ??= {}
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])])
    fillContainer(container)
  for (const volume of spec.volumes ?? []) fillVolume(volume)
}

/** Of a pod alone, not of a template: what is limited is asked for. */
export function fillRequests({ containers, initContainers = [] }: PodSpec): void {
  for (const { resources } of [...containers, ...initContainers]) {
    if (resources?.limits) resources.requests = { ...resources.limits, ...resources.requests }
  }
}

function fillVolume(volume: Volume): void {
  if (Object.keys(volume).length === 1) volume.emptyDir = {}
  const { configMap, secret, downwardAPI, projected } = volume
  for (const source of [configMap, secret, downwardAPI, projected]) {
    if (source) source.defaultMode ??= 0o644
  }
}

function fillResources({ limits, requests }: NonNullable<Container['resources']>): void {
  for (const list of [limits, requests]) {
    for (const [name, quantity] of Object.entries(list ?? {})) {
      if (list) list[name] = canonicalQuantity(quantity)
    }
  }
}

function fillContainer(container: Container): void {
  container.resources ??= {}
  fillResources(container.resources)
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ??= 'v1'
  }
  container.imagePullPolicy ??= isLatest(container.image) ? 'Always' : 'IfNotPresent'
  container.terminationMessagePath ??= '/dev/termination-log'
  container.terminationMessagePolicy ??= 'File'
  for (const port of container.ports ?? []) port.protocol ??= 'TCP'
  for (const probe of [container.readinessProbe, container.livenessProbe, container.startupProbe]) {
    if (probe) fillProbe(probe)
  }
  for (const hook of [container.lifecycle?.postStart, container.lifecycle?.preStop]) {
    if (hook) fillHttpGet(hook)
  }
}

const isLatest = (image = ''): boolean =>
  !image.includes('@') &&
  (image.endsWith(':latest') || !image.slice(image.lastIndexOf('/')).includes(':'))

function fillProbe(probe: Probe): void {
  probe.timeoutSeconds ??= 1
  probe.periodSeconds ??= 10
  probe.successThreshold ??= 1
  probe.failureThreshold ??= 3
  fillHttpGet(probe)
  if (probe.grpc) probe.grpc.service ??= ''
}

function fillHttpGet(action: Hook | Probe): void {
  if (!action.httpGet) return
  action.httpGet.path ??= '/'
  action.httpGet.scheme ??= 'HTTP'
}
