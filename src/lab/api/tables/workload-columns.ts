import type { ControllerRevision } from '../kinds/controller-revision.ts'
import type { DaemonSet } from '../kinds/daemon-set.ts'
import type { Deployment } from '../kinds/deployment.ts'
import type { PodTemplate } from '../kinds/pod.ts'
import type { ReplicaSet } from '../kinds/replica-set.ts'
import type { StatefulSet } from '../kinds/stateful-set.ts'
import type { KubeObject } from '../store.ts'
import type { LabelSelector } from '../kinds/label-selector.ts'
import type { Column } from './column.ts'
import { formatLabelSelector } from '../label-selector-text.ts'
import { ageColumn, count, countAsText, nameColumn, text, wide } from './column.ts'

interface Workload extends KubeObject {
  spec: { template: PodTemplate; selector: LabelSelector }
}

const templateColumns: readonly Column<Workload>[] = [
  wide(
    text('Containers', ({ spec }) => spec.template.spec.containers.map((one) => one.name).join()),
  ),
  wide(
    text('Images', ({ spec }) =>
      spec.template.spec.containers.map((one) => one.image ?? '').join(),
    ),
  ),
  wide(text('Selector', ({ spec }) => formatLabelSelector(spec.selector))),
]

/** The columns of `kubectl get deployments`. */
export const deploymentColumns: readonly Column<Deployment>[] = [
  nameColumn,
  text(
    'Ready',
    ({ spec, status }) => `${String(status?.readyReplicas ?? 0)}/${String(spec.replicas ?? 1)}`,
  ),
  countAsText('Up-to-date', ({ status }) => status?.updatedReplicas),
  countAsText('Available', ({ status }) => status?.availableReplicas),
  ageColumn,
  ...templateColumns,
]

/** The columns of `kubectl get replicasets`. */
export const replicaSetColumns: readonly Column<ReplicaSet>[] = [
  nameColumn,
  count('Desired', ({ spec }) => spec.replicas),
  count('Current', ({ status }) => status?.replicas),
  count('Ready', ({ status }) => status?.readyReplicas),
  ageColumn,
  ...templateColumns,
]

/** The columns of `kubectl get statefulsets`. */
export const statefulSetColumns: readonly Column<StatefulSet>[] = [
  nameColumn,
  text(
    'Ready',
    ({ spec, status }) => `${String(status?.readyReplicas ?? 0)}/${String(spec.replicas ?? 1)}`,
  ),
  ageColumn,
  ...templateColumns.slice(0, 2),
]

/** The columns of `kubectl get daemonsets`. */
export const daemonSetColumns: readonly Column<DaemonSet>[] = [
  nameColumn,
  count('Desired', ({ status }) => status?.desiredNumberScheduled),
  count('Current', ({ status }) => status?.currentNumberScheduled),
  count('Ready', ({ status }) => status?.numberReady),
  count('Up-to-date', ({ status }) => status?.updatedNumberScheduled),
  count('Available', ({ status }) => status?.numberAvailable),
  text('Node Selector', ({ spec }) => {
    const { nodeSelector = {} } = spec.template.spec
    return formatLabelSelector({ matchLabels: nodeSelector }) || '<none>'
  }),
  ageColumn,
  ...templateColumns,
]

/** The columns of `kubectl get controllerrevisions`. */
export const controllerRevisionColumns: readonly Column<ControllerRevision>[] = [
  nameColumn,
  text('Controller', ({ metadata }) => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller)
    return owner ? `${owner.kind.toLowerCase()}.apps/${owner.name}` : '<none>'
  }),
  count('Revision', ({ revision }) => revision),
  ageColumn,
]
