import type { Random } from '../../base/random.ts'
import type { Result } from '../../base/result.ts'
import type { KubeObject, ResourceName, Store, StoreError } from './store.ts'
import { fail, succeed } from '../../base/result.ts'
import { createClusterIps, loopbackClusterIps } from './cluster-ips.ts'
import type { ClusterIpRange } from './cluster-ips.ts'
import { createEventLog } from './event-log.ts'
import { fillDefaults } from './fill-defaults.ts'
import { createIdentities } from './identities.ts'
import type { Job } from './kinds/job.ts'
import type { Service } from './kinds/service.ts'
import { kubeTime } from './kube-time.ts'
import { labelJob } from './label-job.ts'
import { assignNodePorts } from './node-ports.ts'
import { createObjectTables, type ObjectTables } from './object-tables.ts'
import { planDeletion } from './plan-deletion.ts'
import { apiVersionOf, resourceKind } from './resource-kinds.ts'
import { draftOf, sameJson } from './snapshot.ts'
import { alreadyExists, notFound, uidConflict } from './store-errors.ts'
import { describeInvalid } from './describe-invalid.ts'
import { validateObject } from './validate-object.ts'
import { UNSTORED } from './unstored.ts'

/** The store of a new lab, with the namespaces `default` and `kube-system`. Uids and generated names follow from `random`. */
export function createStore(options: {
  readonly random: Random
  /** Default: 127.96.0.0/16. */
  readonly clusterIps?: ClusterIpRange
}): Store {
  const tables = createObjectTables()
  // The contract lets each caller say which type a resource has; inside, all of them are KubeObjects.
  const store = {
    get: tables.get,
    list: tables.list,
    watch: tables.watch,
    create: createCreator(tables, options.random, options.clusterIps ?? loopbackClusterIps),
    change: createChanger(tables),
    remove: createRemover(tables),
  } as Omit<Store, 'emitEvent'>
  for (const name of ['default', 'kube-system']) store.create('namespaces', bareNamespace(name))
  return { ...store, emitEvent: createEventLog(store) }
}

type Creator = (resource: ResourceName, object: KubeObject) => Result<KubeObject, StoreError>

function createCreator(tables: ObjectTables, random: Random, range: ClusterIpRange): Creator {
  const identities = createIdentities(random)
  const clusterIps = createClusterIps(range)
  return (resource, object) => {
    const kind = resourceKind(resource)
    const draft = draftOf({ ...object, apiVersion: apiVersionOf(kind), kind: kind.kind })
    const { metadata } = draft
    if (kind.namespaced) metadata.namespace ??= 'default'
    else delete metadata.namespace
    const taken = (name: string) =>
      tables.get(resource, metadata.namespace ?? '', name) !== undefined
    if (!metadata.name && metadata.generateName) {
      metadata.name = identities.generateName(resource, draft, taken)
    }
    const mistakes = validateObject(resource, draft)
    if (mistakes.length > 0) return fail(describeInvalid(resource, metadata.name, mistakes))
    if (taken(metadata.name)) return fail(alreadyExists(resource, metadata.name))
    fillDefaults(resource, draft)
    const refused =
      resource === 'services'
        ? [
            ...clusterIps.assign(draft),
            ...assignNodePorts(draft, tables.list('services') as readonly Service[]),
          ]
        : []
    if (refused.length > 0) return fail(describeInvalid(resource, metadata.name, refused))
    metadata.uid = identities.uid(resource, draft)
    if (resource === 'jobs') labelJob(draft as Job)
    metadata.creationTimestamp = kubeTime()
    if (kind.generationOf.length > 0) metadata.generation = 1
    return succeed(tables.write(resource, 'ADDED', draft))
  }
}

type Changer = (
  resource: ResourceName,
  namespace: string,
  name: string,
  edit: (draft: KubeObject) => void,
) => KubeObject | undefined

const createChanger =
  (tables: ObjectTables): Changer =>
  (resource, namespace, name, edit) => {
    const current = tables.get(resource, namespace, name)
    if (!current) return undefined
    const draft = draftOf(current)
    edit(draft)
    fillDefaults(resource, draft)
    if (sameJson(draft, current)) return current
    previewGeneration(resource, current, draft)
    return tables.write(resource, isReleased(draft) ? 'DELETED' : 'MODIFIED', draft)
  }

const createRemover =
  (tables: ObjectTables): Store['remove'] =>
  (resource, namespace, name, deletion = {}) => {
    const current = tables.get(resource, namespace, name)
    if (!current) return fail(notFound(resource, name))
    if (deletion.uid !== undefined && deletion.uid !== current.metadata.uid) {
      return fail(uidConflict(resource, current, deletion.uid))
    }
    const plan = planDeletion(resource, current, deletion.gracePeriodSeconds, Date.now())
    const draft = draftOf(current)
    let last = current
    if (plan.marked) {
      if (draft.metadata.deletionTimestamp === undefined) raiseGeneration(draft)
      draft.metadata.deletionTimestamp = plan.marked.deletionTimestamp
      draft.metadata.deletionGracePeriodSeconds = plan.marked.gracePeriodSeconds
      last = tables.write(resource, 'MODIFIED', draft)
    }
    if (plan.removed) last = tables.write(resource, 'DELETED', draft)
    return succeed(last)
  }

/** Raises the generation of a draft whose desired state is another than that of the object as it is. */
export function previewGeneration(
  resource: ResourceName,
  current: KubeObject,
  draft: KubeObject,
): void {
  if (desiredStateChanged(resource, current, draft)) raiseGeneration(draft)
}

function desiredStateChanged(
  resource: ResourceName,
  current: KubeObject,
  draft: KubeObject,
): boolean {
  const before: Record<string, unknown> = { ...current }
  const after: Record<string, unknown> = { ...draft }
  if (resource === 'pods') return !sameJson(unbound(before['spec']), unbound(after['spec']))
  return resourceKind(resource).generationOf.some((field) => !sameJson(before[field], after[field]))
}

/** Binding a pod to a node does not raise its generation. */
const unbound = (spec: unknown): object => ({ ...(spec as object), nodeName: undefined })

function raiseGeneration(draft: KubeObject): void {
  if (draft.metadata.generation !== undefined) draft.metadata.generation += 1
}

/** The last finalizer of an object that was being deleted is gone. */
function isReleased(draft: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = draft.metadata
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && !finalizers.length
}

const bareNamespace = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    ...UNSTORED,
    labels: { 'kubernetes.io/metadata.name': name },
  },
})
