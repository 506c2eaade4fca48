import type { KubeObject, ResourceName } from '../store.ts'
import type { ListMeta } from '../take-page.ts'
import type { Column } from './column.ts'
import { bindingColumns, leaseColumns, roleColumns } from './access-columns.ts'
import {
  endpointSliceColumns,
  ingressClassColumns,
  ingressColumns,
  serviceColumns,
} from './network-columns.ts'
import { gatewayClassColumns, gatewayColumns, httpRouteColumns } from './gateway-columns.ts'
import { jobColumns } from './job-columns.ts'
import {
  configMapColumns,
  endpointsColumns,
  eventColumns,
  namespaceColumns,
  nodeColumns,
  secretColumns,
  serviceAccountColumns,
} from './other-columns.ts'
import { podColumns } from './pod-columns.ts'
import { horizontalPodAutoscalerColumns } from './autoscaler-columns.ts'
import { podDisruptionBudgetColumns } from './policy-columns.ts'
import {
  controllerRevisionColumns,
  daemonSetColumns,
  deploymentColumns,
  replicaSetColumns,
  statefulSetColumns,
} from './workload-columns.ts'

// Each list fits its own kind of object; the key says which kind that is.
const columnsOf: Readonly<Record<ResourceName, readonly Column<never>[]>> = {
  namespaces: namespaceColumns,
  nodes: nodeColumns,
  pods: podColumns,
  services: serviceColumns,
  configmaps: configMapColumns,
  secrets: secretColumns,
  events: eventColumns,
  deployments: deploymentColumns,
  replicasets: replicaSetColumns,
  statefulsets: statefulSetColumns,
  daemonsets: daemonSetColumns,
  controllerrevisions: controllerRevisionColumns,
  endpointslices: endpointSliceColumns,
  ingresses: ingressColumns,
  ingressclasses: ingressClassColumns,
  endpoints: endpointsColumns,
  serviceaccounts: serviceAccountColumns,
  jobs: jobColumns,
  poddisruptionbudgets: podDisruptionBudgetColumns,
  roles: roleColumns,
  clusterroles: roleColumns,
  rolebindings: bindingColumns,
  clusterrolebindings: bindingColumns,
  leases: leaseColumns,
  horizontalpodautoscalers: horizontalPodAutoscalerColumns,
  gatewayclasses: gatewayClassColumns,
  gateways: gatewayColumns,
  httproutes: httpRouteColumns,
}

/** What goes into the `object` of a row, as the `includeObject` query says. */
export type RowObject = 'None' | 'Metadata' | 'Object'

/** Objects as a meta.k8s.io/v1 Table, for `kubectl get` (k8s-mechanics 7.3). */
export function tableOf(
  resource: ResourceName,
  objects: readonly KubeObject[],
  metadata: ListMeta,
  rowObject: RowObject = 'Metadata',
) {
  const columns = columnsOf[resource] as unknown as readonly Column<KubeObject>[]
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map((column) => ({
      name: column.name,
      type: column.type,
      format: column.name === 'Name' ? 'name' : '',
      description: '',
      priority: column.wide ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object)),
      ...(rowObject === 'None'
        ? {}
        : { object: rowObject === 'Object' ? object : partialMetadata(object) }),
    })),
  }
}

/** An object as a meta.k8s.io/v1 PartialObjectMetadata. */
export const partialMetadata = (object: KubeObject) => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: object.metadata,
})

/** Whether an Accept header prefers a Table to the plain objects. */
export function prefersTable(accept = ''): boolean {
  const [first = ''] = accept.split(',')
  return first.includes('as=Table') && first.includes('g=meta.k8s.io')
}

/** Whether an Accept header prefers the metadata alone. */
export function prefersPartial(accept = ''): boolean {
  const [first = ''] = accept.split(',')
  return first.includes('as=PartialObjectMetadata') && first.includes('g=meta.k8s.io')
}
