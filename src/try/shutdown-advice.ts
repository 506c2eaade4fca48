import { failedFromMs } from './observation.ts'
import { CONTAINER } from './pod-manifest.ts'
import type { Judged } from './judge-signal.ts'
import type { TryResult } from './try-result.ts'

type Row = TryResult['advice'][number]

/** The longest that each takes to forget a pod, in seconds (k8s-mechanics 3.8; Envoy 3.5). */
const PROPAGATION: readonly (readonly [string, number])[] = [
  ['Service (kube-proxy)', 2],
  ['ingress-nginx', 4.3],
  ['Traefik', 2],
  ['HAProxy', 5],
  ['Envoy', 0.1],
  ['ALB', 15],
]

const MARGIN_SECONDS = 1
/** Of the grace over what it must hold (k8s-mechanics 5.3 C). */
const GRACE_MARGIN_SECONDS = 3

/** What preStop and grace must be behind each proxy: what it takes to forget a pod, less what the server serves on. */
export function shutdownAdvice({ idle, busy }: Pick<Judged, 'idle' | 'busy'>): Row[] {
  const exitSeconds = Math.max(idle.exitMs ?? 0, busy.exitMs ?? 0) / 1_000
  const servesOnSeconds = Math.floor((failedFromMs(idle) ?? 0) / 1_000)
  return PROPAGATION.map(([behind, propagationSeconds]) => {
    const needed = Math.ceil(propagationSeconds) + MARGIN_SECONDS - servesOnSeconds
    const preStopSeconds = Math.max(0, needed)
    const graceSeconds = preStopSeconds + Math.ceil(exitSeconds) + GRACE_MARGIN_SECONDS
    return { behind, propagationSeconds, preStopSeconds, graceSeconds }
  })
}

/** The fragment of a Deployment for one row; a hook only where one is needed, for a sleep of 0 is refused before 1.33. */
export const adviceYaml = ({ behind, preStopSeconds, graceSeconds }: Row): string =>
  [
    `spec: # of the Deployment, behind ${behind}`,
    '  template:',
    '    spec:',
    `      terminationGracePeriodSeconds: ${Math.max(30, graceSeconds)}`,
    ...(preStopSeconds === 0 ? [] : preStopLines(preStopSeconds)),
    '',
  ].join('\n')

const preStopLines = (seconds: number): string[] => [
  '      containers:',
  `        - name: ${CONTAINER}`,
  '          lifecycle:',
  `            preStop: { sleep: { seconds: ${seconds} } } # Kubernetes 1.30`,
]
