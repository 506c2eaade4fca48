import type { Container, Hook, PodSpec, Probe } from './kinds/pod.ts'

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
}

function fillContainer(container: Container): void {
  container.resources ??= {}
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
}

function fillHttpGet(action: Hook | Probe): void {
  if (!action.httpGet) return
  action.httpGet.path ??= '/'
  action.httpGet.scheme ??= 'HTTP'
}
