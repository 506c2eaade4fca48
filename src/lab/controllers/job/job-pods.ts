import type { Job } from '../../api/kinds/job.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { KubeObject, Store } from '../../api/store.ts'
import { controllerReference } from '../owner-reference.ts'
import { UNSTORED } from '../../api/unstored.ts'

const INDEX = 'batch.kubernetes.io/job-completion-index'
const COMPONENT = 'job-controller'

/** Of a pod of an Indexed Job; undefined for others. */
export function completionIndex({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[INDEX]
  return text === undefined ? undefined : Number(text)
}

/** Creates one pod; `index` for an Indexed Job. */
export function createJobPod(store: Store, job: Job, index: number | undefined): void {
  const created = store.create<Pod>('pods', podFor(job, index))
  if (created.ok) {
    tell(store, job, 'Normal', 'SuccessfulCreate', `Created pod: ${created.value.metadata.name}`)
  } else tell(store, job, 'Warning', 'FailedCreate', `Error creating: ${created.error.message}`)
}

export function deleteJobPod(store: Store, job: Job, pod: Pod): void {
  const { namespace = '', name, uid } = pod.metadata
  if (store.remove('pods', namespace, name, { uid }).ok) {
    tell(store, job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`)
  }
}

/** An event of the job controller. */
export function tell(
  store: Store,
  job: Job,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  store.emitEvent({ regarding: job, type, reason, message, component: COMPONENT })
}

function podFor(job: Job, index: number | undefined): KubeObject {
  const { name, namespace = '' } = job.metadata
  const { metadata = {}, spec } = job.spec.template
  const mark = index === undefined ? {} : { [INDEX]: String(index) }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName: index === undefined ? `${name}-` : `${name}-${String(index)}-`,
      namespace,
      ...UNSTORED,
      labels: { ...metadata.labels, ...mark },
      annotations: { ...metadata.annotations, ...mark },
      ownerReferences: [controllerReference(job)],
    },
    spec: index === undefined ? spec : withIndex(spec, `${name}-${String(index)}`, index),
  }
}

/** The program learns its index from `JOB_COMPLETION_INDEX` and its host name. */
function withIndex(spec: Pod['spec'], hostname: string, index: number): Pod['spec'] {
  const variable = { name: 'JOB_COMPLETION_INDEX', value: String(index) }
  const containers = spec.containers.map((container) => ({
    ...container,
    env: [...(container.env ?? []), variable],
  }))
  return { ...spec, hostname, containers }
}
