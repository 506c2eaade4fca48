import type { Job } from './kinds/job.ts'

const UID = 'batch.kubernetes.io/controller-uid'

/** Gives a new Job the selector and the pod labels that Kubernetes makes from its uid and name; a Job without labels gets them too. */
export function labelJob(job: Job): void {
  const { uid, name } = job.metadata
  if (job.spec.manualSelector) return
  const hasLabels = job.metadata.labels !== undefined
  job.spec.selector = { matchLabels: { [UID]: uid } }
  const { template } = job.spec
  template.metadata = {
    ...template.metadata,
    labels: {
      ...template.metadata?.labels,
      [UID]: uid,
      'batch.kubernetes.io/job-name': name,
      'controller-uid': uid,
      'job-name': name,
    },
  }
  if (!hasLabels) job.metadata.labels = { ...template.metadata.labels }
}
