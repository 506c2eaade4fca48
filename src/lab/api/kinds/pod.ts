import type { KubeObject } from '../store.ts'

/** A core/v1 Pod, with the fields that the lab reads or writes. */
export interface Pod extends KubeObject {
  spec: PodSpec
  status: PodStatus
}

export interface PodSpec {
  containers: Container[]
  initContainers?: Container[]
  nodeName?: string
  restartPolicy?: 'Always' | 'OnFailure' | 'Never'
  terminationGracePeriodSeconds?: number
  shareProcessNamespace?: boolean
  hostname?: string
  dnsPolicy?: string
  schedulerName?: string
  securityContext?: Record<string, unknown>
  readinessGates?: { conditionType: string }[]
}

export interface Container {
  name: string
  image?: string
  imagePullPolicy?: string
  command?: string[]
  args?: string[]
  workingDir?: string
  env?: { name: string; value?: string }[]
  ports?: ContainerPort[]
  resources?: Record<string, unknown>
  terminationMessagePath?: string
  terminationMessagePolicy?: string
  /** `Always` on an init container makes it a sidecar. */
  restartPolicy?: 'Always'
  lifecycle?: { postStart?: Hook; preStop?: Hook; stopSignal?: string }
  readinessProbe?: Probe
  livenessProbe?: Probe
  startupProbe?: Probe
}

export interface ContainerPort {
  name?: string
  containerPort: number
  protocol?: string
}

export interface Hook {
  exec?: { command: string[] }
  httpGet?: HttpGet
  sleep?: { seconds: number }
  tcpSocket?: { port: number | string }
}

export interface HttpGet {
  path?: string
  port: number | string
  host?: string
  scheme?: string
  httpHeaders?: { name: string; value: string }[]
}

export interface Probe {
  exec?: { command: string[] }
  httpGet?: HttpGet
  tcpSocket?: { port: number | string; host?: string }
  initialDelaySeconds?: number
  periodSeconds?: number
  timeoutSeconds?: number
  successThreshold?: number
  failureThreshold?: number
  terminationGracePeriodSeconds?: number
}

export interface PodStatus {
  phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'
  reason?: string
  message?: string
  podIP?: string
  podIPs?: { ip: string }[]
  hostIP?: string
  startTime?: string
  conditions?: Condition[]
  containerStatuses?: ContainerStatus[]
  initContainerStatuses?: ContainerStatus[]
  qosClass?: string
}

/** One entry of `status.conditions`; times are RFC 3339 in whole seconds. */
export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastTransitionTime?: string
  lastUpdateTime?: string
}

export interface ContainerStatus {
  name: string
  ready: boolean
  started?: boolean
  restartCount: number
  image: string
  imageID: string
  containerID?: string
  state?: ContainerState
  lastState?: ContainerState
}

export interface ContainerState {
  waiting?: { reason?: string; message?: string }
  running?: { startedAt?: string }
  terminated?: {
    exitCode: number
    signal?: number
    reason?: string
    message?: string
    startedAt?: string
    finishedAt?: string
    containerID?: string
  }
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
  spec: PodSpec
}
