import type { Result } from '../../base/result.ts'
import type { StatusDetails } from './api-error.ts'

/** A Kubernetes object as JSON, spelled as the API spells it. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec?: unknown
  status?: unknown
}

export interface ObjectMeta {
  name: string
  namespace?: string
  uid: string
  resourceVersion: string
  generation?: number
  /** RFC 3339, whole seconds. */
  creationTimestamp: string
  /** In the future: the time of the request plus the effective grace. */
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  generateName?: string
}

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** Plural resource names, as in URLs. */
export type ResourceName =
  | 'namespaces'
  | 'nodes'
  | 'pods'
  | 'services'
  | 'configmaps'
  | 'secrets'
  | 'endpoints'
  | 'serviceaccounts'
  | 'events'
  | 'deployments'
  | 'replicasets'
  | 'statefulsets'
  | 'daemonsets'
  | 'controllerrevisions'
  | 'endpointslices'
  | 'ingresses'
  | 'ingressclasses'
  | 'jobs'
  | 'poddisruptionbudgets'
  | 'roles'
  | 'rolebindings'
  | 'clusterroles'
  | 'clusterrolebindings'
  | 'leases'
  | 'horizontalpodautoscalers'
  | 'gatewayclasses'
  | 'gateways'
  | 'httproutes'

/** Why the store refused; becomes a Kubernetes `Status` on the wire. */
export interface StoreError {
  readonly reason: 'NotFound' | 'AlreadyExists' | 'Conflict' | 'Invalid' | 'BadRequest' | 'Gone'
  readonly message: string
  readonly details?: StatusDetails
}

export interface Change<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: T
}

/**
 * The lab's etcd and registry in one: the only state of the control plane.
 * Everything is synchronous. What goes in and comes out is never shared: readers get frozen snapshots.
 */
export interface Store {
  /* eslint-disable @typescript-eslint/no-unnecessary-type-parameters -- the caller says which type a resource has */
  get<T extends KubeObject>(resource: ResourceName, namespace: string, name: string): T | undefined
  /** All of a resource, or of one namespace; in order of creation. */
  list<T extends KubeObject>(resource: ResourceName, namespace?: string): readonly T[]
  /** Fills uid, resourceVersion, creationTimestamp, generation and defaults, then emits ADDED. */
  create<T extends KubeObject>(resource: ResourceName, object: KubeObject): Result<T, StoreError>
  /**
   * Reads, lets `edit` change a draft, writes with a new resourceVersion and emits MODIFIED; emits nothing
   * when the draft did not change. `generation` rises when `spec` changed. Gives undefined when it is gone.
   */
  change<T extends KubeObject>(
    resource: ResourceName,
    namespace: string,
    name: string,
    edit: (draft: T) => void,
  ): T | undefined
  /**
   * DELETE as the API server does it (k8s-mechanics 1.1): a pod with a node gets deletionTimestamp and
   * deletionGracePeriodSeconds first; grace 0 removes it and emits MODIFIED then DELETED.
   */
  remove(
    resource: ResourceName,
    namespace: string,
    name: string,
    options?: { readonly gracePeriodSeconds?: number; readonly uid?: string },
  ): Result<KubeObject, StoreError>
  /** Calls back synchronously after each write, in order; starts with ADDED for all that exists. Gives the way to stop. */
  watch<T extends KubeObject>(
    resource: ResourceName,
    listener: (change: Change<T>) => void,
  ): () => void
  /* eslint-enable @typescript-eslint/no-unnecessary-type-parameters */
  /** A core/v1 Event about an object, named `<object>.<hex of UnixNano>`; the same one again raises its count. */
  emitEvent(event: LabEvent): void
}

export interface LabEvent {
  readonly regarding: KubeObject
  /** e.g. `spec.containers{web}` */
  readonly fieldPath?: string
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  /** e.g. `kubelet`, `deployment-controller` */
  readonly component: string
}
