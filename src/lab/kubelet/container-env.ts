import type { Image } from '../apps/images.ts'
import type { Container, Pod } from '../api/kinds/pod.ts'
import type { KubeObject, Store } from '../api/store.ts'

const DEFAULT_PORT = 8080

interface EnvVar {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string }
    readonly configMapKeyRef?: {
      readonly name: string
      readonly key: string
      readonly optional?: boolean
    }
  }
}

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/** What a container's environment is made of. */
export interface EnvSource {
  readonly pod: Pod
  readonly container: Container
  readonly podIp: string
  readonly image: Image | undefined
  readonly store: Pick<Store, 'get'>
}

/**
 * The whole environment of a container: POD_IP, HOSTNAME, PORT (its first containerPort), PATH and NODE, then the
 * image's, then the manifest's. What a reference does not find is left out.
 */
export function containerEnv(source: EnvSource): Record<string, string> {
  const { pod, container, podIp, image } = source
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    NODE: process.execPath,
    POD_IP: podIp,
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name,
    PORT: String(container.ports?.[0]?.containerPort ?? DEFAULT_PORT),
    ...image?.env,
  }
  const declared: readonly EnvVar[] = container.env ?? []
  for (const variable of declared) {
    const value = valueOf(variable, source)
    if (value !== undefined) env[variable.name] = expand(value, env)
  }
  return env
}

function valueOf(variable: EnvVar, source: EnvSource): string | undefined {
  const { fieldRef, configMapKeyRef } = variable.valueFrom ?? {}
  if (fieldRef) return fieldOf(fieldRef.fieldPath, source)
  if (!configMapKeyRef) return variable.value ?? ''
  const namespace = source.pod.metadata.namespace ?? 'default'
  const configMap = source.store.get<ConfigMap>('configmaps', namespace, configMapKeyRef.name)
  return configMap?.data?.[configMapKeyRef.key]
}

function fieldOf(fieldPath: string, { pod, podIp }: EnvSource): string | undefined {
  switch (fieldPath) {
    case 'metadata.name':
      return pod.metadata.name
    case 'metadata.namespace':
      return pod.metadata.namespace
    case 'metadata.uid':
      return pod.metadata.uid
    case 'status.podIP':
      return podIp
    case 'spec.nodeName':
      return pod.spec.nodeName
    default:
      return undefined
  }
}

/** `$(NAME)` of a variable defined before; an unknown one stays as it is written, `$$(` is a plain `$(`. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (env[name] ?? whole),
  )
}
