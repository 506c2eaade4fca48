import type { Result } from '../../../base/result.ts'
import { fail, succeed } from '../../../base/result.ts'
import type { KeyRef } from '../../api/kinds/pod.ts'
import type { KubeObject, Store } from '../../api/store.ts'

/** `secret` or `configmap`, as the kubelet's messages spell them. */
export type ConfigKind = 'configmap' | 'secret'

interface ConfigObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
  readonly binaryData?: Readonly<Record<string, string>>
}

/** Where ConfigMaps and Secrets are looked for. */
export interface ConfigSource {
  readonly store: Pick<Store, 'get'>
  readonly namespace: string
}

/** All of a ConfigMap or Secret, decoded; undefined when it is not there but `optional`. */
export function configData(
  kind: ConfigKind,
  { name, optional = false }: { readonly name: string; readonly optional?: boolean },
  { store, namespace }: ConfigSource,
): Result<ReadonlyMap<string, Buffer> | undefined, string> {
  const object = store.get<ConfigObject>(`${kind}s`, namespace, name)
  if (!object) return optional ? succeed(undefined) : fail(`${kind} "${name}" not found`)
  const { data = {}, binaryData = {} } = object
  const encoding = kind === 'secret' ? 'base64' : 'utf8'
  return succeed(
    new Map([
      ...Object.entries(data).map(([key, value]) => [key, Buffer.from(value, encoding)] as const),
      ...Object.entries(binaryData).map(
        ([key, value]) => [key, Buffer.from(value, 'base64')] as const,
      ),
    ]),
  )
}

/** One key of a ConfigMap or Secret as text; undefined when it is not there but `optional`. */
export function configKey(
  kind: ConfigKind,
  ref: KeyRef,
  source: ConfigSource,
): Result<string | undefined, string> {
  const data = configData(kind, ref, source)
  if (!data.ok) return data
  const value = data.value?.get(ref.key)
  if (value !== undefined || ref.optional === true) return succeed(value?.toString())
  const spelled = kind === 'secret' ? 'Secret' : 'ConfigMap'
  return fail(`couldn't find key ${ref.key} in ${spelled} ${source.namespace}/${ref.name}`)
}
