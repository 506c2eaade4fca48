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
  volumes?: Volume[]
  serviceAccountName?: string
  subdomain?: string
  hostNetwork?: boolean
  enableServiceLinks?: boolean
  nodeSelector?: Record<string, string>
  affinity?: { nodeAffinity?: NodeAffinity }
  tolerations?: Toleration[]
}

export interface NodeAffinity {
  requiredDuringSchedulingIgnoredDuringExecution?: {
    nodeSelectorTerms: { matchFields?: { key: string; operator: string; values?: string[] }[] }[]
  }
}

export interface Toleration {
  /** Absent: every key. */
  key?: string
  operator?: 'Exists' | 'Equal'
  value?: string
  /** Absent: every effect. */
  effect?: string
  tolerationSeconds?: number
}

export interface Container {
  name: string
  image?: string
  imagePullPolicy?: string
  command?: string[]
  args?: string[]
  workingDir?: string
  env?: EnvVar[]
  envFrom?: EnvFromSource[]
  volumeMounts?: VolumeMount[]
  ports?: ContainerPort[]
  resources?: {
    limits?: Record<string, string | number>
    requests?: Record<string, string | number>
  }
  terminationMessagePath?: string
  terminationMessagePolicy?: string
  /** `Always` on an init container makes it a sidecar. */
  restartPolicy?: 'Always'
  lifecycle?: { postStart?: Hook; preStop?: Hook; stopSignal?: string }
  readinessProbe?: Probe
  livenessProbe?: Probe
  startupProbe?: Probe
}

export interface EnvVar {
  name: string
  value?: string
  valueFrom?: {
    fieldRef?: { apiVersion?: string; fieldPath: string }
    resourceFieldRef?: ResourceFieldRef
    configMapKeyRef?: KeyRef
    secretKeyRef?: KeyRef
  }
}

/** A key of a ConfigMap or Secret. */
export interface KeyRef {
  name: string
  key: string
  optional?: boolean
}

/** A request or limit of a container, in units of `divisor`. */
export interface ResourceFieldRef {
  resource: string
  containerName?: string
  divisor?: string | number
}

export interface EnvFromSource {
  prefix?: string
  configMapRef?: { name: string; optional?: boolean }
  secretRef?: { name: string; optional?: boolean }
}

export interface VolumeMount {
  name: string
  mountPath: string
  subPath?: string
  readOnly?: boolean
}

export interface Volume extends VolumeSources {
  name: string
  emptyDir?: { medium?: string }
  hostPath?: { path: string }
  persistentVolumeClaim?: { claimName: string; readOnly?: boolean }
  secret?: { secretName?: string; items?: KeyToPath[]; optional?: boolean; defaultMode?: number }
  projected?: { sources: ProjectedSource[]; defaultMode?: number }
}

interface VolumeSources {
  configMap?: { name?: string; items?: KeyToPath[]; optional?: boolean; defaultMode?: number }
  downwardAPI?: { items?: DownwardItem[]; defaultMode?: number }
}

/** One of the sources whose files a projected volume puts together. */
export interface ProjectedSource extends VolumeSources {
  secret?: { name?: string; items?: KeyToPath[]; optional?: boolean }
  serviceAccountToken?: { path: string }
}

export interface KeyToPath {
  key: string
  path: string
  mode?: number
}

export interface DownwardItem {
  path: string
  fieldRef?: { fieldPath: string }
  resourceFieldRef?: ResourceFieldRef
  mode?: number
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
  grpc?: { port: number; service?: string }
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
  /** The signal that stops it (k8s-mechanics 1.5). */
  stopSignal?: string
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
