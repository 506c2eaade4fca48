import type { Job } from '../../api/kinds/job.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { KubeObject, Store } from '../../api/store.ts'
import { podFromTemplate } from '../pod-from-template.ts'

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
  const { template } = job.spec
  const { labels, annotations } = template.metadata ?? {}
  if (index === undefined) {
    return podFromTemplate(job, template, {
      labels: { ...labels },
      annotations: { ...annotations },
    })
  }
  const mark = { [INDEX]: String(index) }
  const name = `${job.metadata.name}-${String(index)}`
  const pod = podFromTemplate(job, template, {
    generateName: `${name}-`,
    labels: { ...labels, ...mark },
    annotations: { ...annotations, ...mark },
  })
  return { ...pod, spec: withIndex(pod.spec, name, index) }
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
