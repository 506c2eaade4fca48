import type { Result } from '../../../base/result.ts'
import { fail, succeed } from '../../../base/result.ts'
import type { Pod } from '../../api/kinds/pod.ts'

/** A pod and what only its node knows of it. */
export interface PodFieldSource {
  readonly pod: Pod
  readonly podIp: string
  readonly hostIp: string
}

const ENTRY = /^metadata\.(labels|annotations)\['(.+)'\]$/

/** What a `fieldRef` stands for; a label or annotation that is not there is empty. */
export function podField(fieldPath: string, source: PodFieldSource): Result<string, string> {
  const { metadata } = source.pod
  const entry = ENTRY.exec(fieldPath)
  if (entry) return succeed(metadata[entry[1] as 'labels' | 'annotations']?.[entry[2] ?? ''] ?? '')
  const value = plainFields(source)[fieldPath]
  return value === undefined ? fail(`unsupported fieldPath: ${fieldPath}`) : succeed(value)
}

function plainFields({ pod, podIp, hostIp }: PodFieldSource): Readonly<Record<string, string>> {
  const { metadata, spec } = pod
  return {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace ?? 'default',
    'metadata.uid': metadata.uid,
    'metadata.labels': quoted(metadata.labels),
    'metadata.annotations': quoted(metadata.annotations),
    'spec.nodeName': spec.nodeName ?? '',
    'spec.serviceAccountName': spec.serviceAccountName ?? 'default',
    'status.podIP': podIp,
    'status.podIPs': podIp,
    'status.hostIP': hostIp,
    'status.hostIPs': hostIp,
  }
}

/** As a downwardAPI file shows them: `key="value"`, one a line, sorted. */
const quoted = (entries: Readonly<Record<string, string>> = {}): string =>
  Object.keys(entries)
    .sort()
    .map((key) => `${key}=${JSON.stringify(entries[key])}`)
    .join('\n')
