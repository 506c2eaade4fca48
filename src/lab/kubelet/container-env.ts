import type { Result } from '../../base/result.ts'
import { succeed } from '../../base/result.ts'
import type { Image } from '../apps/images.ts'
import type { Container, EnvFromSource, EnvVar } from '../api/kinds/pod.ts'
import type { Store } from '../api/store.ts'
import { configData, configKey } from './references/config-data.ts'
import { podField } from './references/pod-field.ts'
import type { PodFieldSource } from './references/pod-field.ts'
import { resourceField } from './references/resource-field.ts'
import { apiServerEnv, serviceEnv } from './references/service-env.ts'

const DEFAULT_PORT = 8080

/** What a container's environment is made of. */
export interface EnvSource extends PodFieldSource {
  readonly container: Container
  readonly image: Image | undefined
  readonly store: Pick<Store, 'get' | 'list'>
}

/**
 * The whole environment of a container: POD_IP, HOSTNAME, PORT (its first containerPort), PATH and NODE, then the
 * image's, where the API server would be, that of the Services, and the manifest's, of which later ones win. Fails with the kubelet's message when
 * something referred to is missing and not optional.
 */
export function containerEnv(source: EnvSource): Result<Record<string, string>, string> {
  const { pod, container, podIp, image, store } = source
  const { namespace = 'default', name } = pod.metadata
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    NODE: process.execPath,
    POD_IP: podIp,
    HOSTNAME: pod.spec.hostname ?? name,
    PORT: String(container.ports?.[0]?.containerPort ?? DEFAULT_PORT),
    ...image?.env,
    ...apiServerEnv(source.hostIp),
    ...(pod.spec.enableServiceLinks === false ? {} : serviceEnv(store, namespace)),
  }
  for (const from of container.envFrom ?? []) {
    const variables = variablesFrom(from, { store, namespace })
    if (!variables.ok) return variables
    Object.assign(env, variables.value)
  }
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, source, namespace)
    if (!value.ok) return value
    if (value.value !== undefined) env[variable.name] = expand(value.value, env)
  }
  return succeed(env)
}

type Where = Parameters<typeof configData>[2]

function variablesFrom(
  { prefix = '', configMapRef, secretRef }: EnvFromSource,
  where: Where,
): Result<Record<string, string>, string> {
  const variables: Record<string, string> = {}
  for (const [kind, ref] of [
    ['configmap', configMapRef] as const,
    ['secret', secretRef] as const,
  ]) {
    if (!ref) continue
    const data = configData(kind, ref, where)
    if (!data.ok) return data
    for (const [key, value] of data.value ?? []) variables[prefix + key] = value.toString()
  }
  return succeed(variables)
}

function valueOf(
  { value = '', valueFrom = {} }: EnvVar,
  source: EnvSource,
  namespace: string,
): Result<string | undefined, string> {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom
  const where = { store: source.store, namespace }
  if (fieldRef) return podField(fieldRef.fieldPath, source)
  if (resourceFieldRef) return resourceField(resourceFieldRef, source.pod, source.container)
  if (configMapKeyRef) return configKey('configmap', configMapKeyRef, where)
  if (secretKeyRef) return configKey('secret', secretKeyRef, where)
  return succeed(value)
}

/** `$(NAME)` of a variable defined before; an unknown one stays as it is written, `$$(` is a plain `$(`. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (env[name] ?? whole),
  )
}
