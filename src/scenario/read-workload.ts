import type { WorkloadRef } from './scenario.ts'

/** Words for a kind of workload, kubectl's short ones among them. */
const KINDS: Readonly<Record<string, WorkloadRef['kind']>> = {
  deployment: 'deployment',
  deploy: 'deployment',
  statefulset: 'statefulset',
  sts: 'statefulset',
  daemonset: 'daemonset',
  ds: 'daemonset',
}

/** `KIND/NAME` of a workload, as {@link readWorkload} takes it. */
export const WORKLOAD_PATTERN = new RegExp(
  `^(?:${Object.keys(KINDS).join('|')})/[a-z0-9][a-z0-9.-]*$`,
)

/** What is wrong with a text that does not fit {@link WORKLOAD_PATTERN}. */
export const WORKLOAD_WORDS =
  'must be deployment/NAME, statefulset/NAME or daemonset/NAME (deploy, sts, ds for short)'

/** Reads a text that fits {@link WORKLOAD_PATTERN}. */
export function readWorkload(text: string): WorkloadRef {
  const [word = '', name = ''] = text.split('/')
  return { kind: KINDS[word] ?? 'deployment', name }
}
