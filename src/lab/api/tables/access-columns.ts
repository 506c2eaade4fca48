import type { RoleBinding, Subject } from '../kinds/rbac.ts'
import type { KubeObject } from '../store.ts'
import { ageColumn, type Column, nameColumn, text, wide } from './column.ts'

/** The columns of `kubectl get roles` and `clusterroles`. */
export const roleColumns: readonly Column<KubeObject>[] = [
  nameColumn,
  text('Created At', ({ metadata }) => metadata.creationTimestamp),
]

/** The columns of `kubectl get rolebindings` and `clusterrolebindings`. */
export const bindingColumns: readonly Column<RoleBinding>[] = [
  nameColumn,
  text('Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  ageColumn,
  wide(text('Users', (binding) => namesOf(binding, 'User'))),
  wide(text('Groups', (binding) => namesOf(binding, 'Group'))),
  wide(text('ServiceAccounts', (binding) => namesOf(binding, 'ServiceAccount'))),
]

const namesOf = ({ subjects = [] }: RoleBinding, kind: Subject['kind']): string =>
  subjects
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (namespace === undefined ? name : `${namespace}/${name}`))
    .join(', ')

interface Lease extends KubeObject {
  spec?: { holderIdentity?: string }
}

/** The columns of `kubectl get leases`. */
export const leaseColumns: readonly Column<Lease>[] = [
  nameColumn,
  text('Holder', ({ spec }) => spec?.holderIdentity ?? ''),
  ageColumn,
]
