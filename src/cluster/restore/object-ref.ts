import { appsPath, nodePath } from '../paths.ts'

/** An object that a run may change. */
export type ObjectRef =
  | { readonly kind: WorkloadKind; readonly namespace: string; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }

export type WorkloadKind = 'deployment' | 'statefulset' | 'daemonset'

export const WORKLOAD_RESOURCES: Readonly<Record<WorkloadKind, string>> = {
  deployment: 'deployments',
  statefulset: 'statefulsets',
  daemonset: 'daemonsets',
}

/** Where the API has the object. */
export const pathOfRef = (ref: ObjectRef): string =>
  ref.kind === 'node'
    ? nodePath(ref.name)
    : appsPath(ref.namespace, WORKLOAD_RESOURCES[ref.kind], ref.name)

/** As kubectl would name it: `deployment/web`. */
export const textOfRef = ({ kind, name }: ObjectRef): string => `${kind}/${name}`

/** `-n shop deployment/web`, for a command that a person is to type. */
export const kubectlOfRef = (ref: ObjectRef): string =>
  ref.kind === 'node' ? textOfRef(ref) : `-n ${ref.namespace} ${textOfRef(ref)}`

/** Reads a ref that another process wrote; undefined when it is none. */
export function readRef(value: unknown): ObjectRef | undefined {
  const { kind, namespace, name } = (value ?? {}) as Record<string, unknown>
  if (typeof name !== 'string' || name === '') return undefined
  if (kind === 'node') return { kind, name }
  if (kind !== 'deployment' && kind !== 'statefulset' && kind !== 'daemonset') return undefined
  return typeof namespace === 'string' && namespace !== '' ? { kind, namespace, name } : undefined
}
