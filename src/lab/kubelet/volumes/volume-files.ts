import type { Result } from '../../../base/result.ts'
import { fail, succeed } from '../../../base/result.ts'
import type { DownwardItem, KeyToPath, ProjectedSource, Volume } from '../../api/kinds/pod.ts'
import { configData } from '../references/config-data.ts'
import type { ConfigKind, ConfigSource } from '../references/config-data.ts'
import { podField } from '../references/pod-field.ts'
import type { PodFieldSource } from '../references/pod-field.ts'
import { resourceField } from '../references/resource-field.ts'

/** What the files of a pod's volumes are made of. */
export interface VolumeSource extends PodFieldSource, ConfigSource {}

/** The files of a volume by their paths within it. */
export type VolumeFiles = ReadonlyMap<string, Buffer>

type Outcome = Result<VolumeFiles, string>

/** The files that a volume begins with; fails when it refers to what is not there, or is of a kind the lab lacks. */
export function volumeFiles(volume: Volume, source: VolumeSource): Outcome {
  const { secret, projected } = volume
  if (volume.emptyDir || volume.persistentVolumeClaim) return succeed(new Map())
  if (secret) return configFiles('secret', { ...secret, name: secret.secretName ?? '' }, source)
  if (projected) {
    return merge(projected.sources.map((one) => sourceFiles(one, source)))
  }
  if (volume.configMap || volume.downwardAPI) return sourceFiles(volume, source)
  const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'none'
  return fail(`the lab has no volumes of the type ${kind}`)
}

function sourceFiles(from: ProjectedSource, source: VolumeSource): Outcome {
  const { configMap, secret, downwardAPI, serviceAccountToken } = from
  if (configMap)
    return configFiles('configmap', { ...configMap, name: configMap.name ?? '' }, source)
  if (secret) return configFiles('secret', { ...secret, name: secret.name ?? '' }, source)
  if (downwardAPI) return downwardFiles(downwardAPI.items ?? [], source)
  if (serviceAccountToken) return succeed(new Map([[serviceAccountToken.path, Buffer.from('lab')]]))
  return fail('a projected source of a type that the lab does not have')
}

interface ConfigReference {
  readonly name: string
  readonly optional?: boolean
  readonly items?: readonly KeyToPath[]
}

function configFiles(kind: ConfigKind, from: ConfigReference, source: VolumeSource): Outcome {
  const data = configData(kind, from, source)
  if (!data.ok) return data
  const all = data.value ?? new Map<string, Buffer>()
  if (!from.items) return succeed(all)
  const files = new Map<string, Buffer>()
  for (const { key, path } of from.items) {
    const content = all.get(key)
    if (content) files.set(path, content)
    else if (from.optional !== true) return fail(`references non-existent config key: ${key}`)
  }
  return succeed(files)
}

function downwardFiles(items: readonly DownwardItem[], source: VolumeSource): Outcome {
  return merge(
    items.map(({ path, fieldRef, resourceFieldRef }) => {
      const value = fieldRef
        ? podField(fieldRef.fieldPath, source)
        : resourceField(resourceFieldRef ?? { resource: '' }, source.pod, undefined)
      return value.ok ? succeed(new Map([[path, Buffer.from(value.value)]])) : value
    }),
  )
}

function merge(parts: readonly Outcome[]): Outcome {
  const files = new Map<string, Buffer>()
  for (const part of parts) {
    if (!part.ok) return part
    for (const [path, content] of part.value) files.set(path, content)
  }
  return succeed(files)
}
