import type { CauseId } from '../../src/analysis/analysis.ts'
import { workloadManifest, type WorkloadOptions } from '../support/lab-run.ts'

/** A run whose failures have causes that the lab's truth can tell. */
export interface AccuracyCase {
  readonly name: string
  readonly scenario: string
  readonly manifest: string
  /** The story behind a kill at the end of the grace, and behind a cut without any signal, in this case. */
  readonly killed: CauseId
}

const probe =
  'readinessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 1, failureThreshold: 1 }'

interface Spec {
  readonly workload: WorkloadOptions
  readonly load: string
  readonly steps: string
  readonly killed?: CauseId
}

function accuracyCase(name: string, { workload, load, steps, killed }: Spec): AccuracyCase {
  return {
    name,
    manifest: workloadManifest(workload),
    killed: killed ?? 'unexplained',
    scenario: `podtank: 1
name: ${name}
target: { workload: deployment/web, through: ${workload.ingress === true ? 'ingress' : 'service'}/web }
load: ${load}
steps: ${steps}
manifests: [web.yaml]
`,
  }
}

const both = (rate: number, time: string, requests = '[GET /, POST /]') =>
  `{ schedule: 'const(${rate},${time})', connections: both, requests: ${requests} }`
const reuse = (rate: number, time: string) =>
  `{ schedule: 'const(${rate},${time})', connections: reuse, requests: [GET /, POST /] }`
const scaleDown = '[{ wait: 2s }, { scale: { replicas: 1 } }, { wait: 1s }]'
const restart = '[{ wait: 2s }, { restart: {} }, { wait: 1s }]'

/** Every cause, and decoys among them: pods that end well beside pods that do not, and none at all. */
export const CASES: readonly AccuracyCase[] = [
  accuracyCase('sigterm-ingress', {
    workload: {
      image: 'podtank.lab/web:sigterm',
      replicas: 6,
      env: { DELAY_MS: '200' },
      container: probe,
      ingress: true,
    },
    load: both(100, '8s'),
    steps: scaleDown,
  }),
  accuracyCase('sigterm-service', {
    workload: {
      image: 'podtank.lab/web:sigterm',
      replicas: 6,
      env: { DELAY_MS: '200' },
      container: probe,
    },
    load: both(100, '6s'),
    steps: scaleDown,
  }),
  accuracyCase('sigquit-service', {
    workload: {
      image: 'podtank.lab/web:sigquit',
      replicas: 6,
      env: { DELAY_MS: '100' },
      container: probe,
    },
    load: both(100, '6s'),
    steps: scaleDown,
  }),
  accuracyCase('sigterm-restart', {
    workload: {
      image: 'podtank.lab/web:sigterm',
      replicas: 3,
      env: { DELAY_MS: '200' },
      container: probe,
    },
    load: both(80, '10s'),
    steps: restart,
  }),
  accuracyCase('deaf', {
    workload: {
      image: 'podtank.lab/deaf:1',
      replicas: 4,
      env: { DELAY_MS: '50' },
      podSpec: 'terminationGracePeriodSeconds: 3',
      container: probe,
    },
    load: reuse(100, '8s'),
    steps: scaleDown,
    killed: 'PID1_IGNORES_TERM',
  }),
  accuracyCase('shell', {
    workload: {
      image: 'podtank.lab/web:sigterm',
      replicas: 4,
      env: { DELAY_MS: '50' },
      podSpec: 'terminationGracePeriodSeconds: 3',
      container: `${probe}\n          command: [sh, -c, '"$NODE" "$APP"; true']`,
    },
    load: reuse(100, '8s'),
    steps: scaleDown,
    killed: 'SHELL_SWALLOWS_TERM',
  }),
  accuracyCase('slow', {
    workload: {
      image: 'podtank.lab/slow:1',
      replicas: 4,
      env: { DELAY_MS: '4500' },
      podSpec: 'terminationGracePeriodSeconds: 2',
      container: probe,
    },
    load: both(30, '9s'),
    steps: '[{ wait: 5s }, { scale: { replicas: 1 } }, { wait: 1s }]',
    killed: 'SIGKILL_AT_GRACE_END',
  }),
  accuracyCase('pinned', {
    workload: {
      image: 'podtank.lab/pinned:1',
      replicas: 4,
      env: { DELAY_MS: '50', EXIT_AFTER_MS: '4000' },
      podSpec: 'terminationGracePeriodSeconds: 20',
      container: `${probe}\n          lifecycle: { preStop: { sleep: { seconds: 2 } } }`,
    },
    load: reuse(100, '11s'),
    steps: scaleDown,
  }),
  accuracyCase('idle', {
    workload: {
      image: 'podtank.lab/idle:1',
      replicas: 2,
      env: { IDLE_MS: '100' },
      container: probe,
    },
    load: `{ schedule: 'line(10.1,9.3,14s)', connections: reuse, requests: [POST /] }`,
    steps: '[{ wait: 1s }]',
  }),
  accuracyCase('slow-start', {
    workload: {
      image: 'podtank.lab/slow-start:1',
      replicas: 3,
      env: { START_MS: '1500', DELAY_MS: '20' },
      container: 'lifecycle: { preStop: { sleep: { seconds: 3 } } }',
    },
    load: both(80, '9s'),
    steps: restart,
  }),
  accuracyCase('to-zero', {
    workload: {
      image: 'podtank.lab/web:sigquit',
      replicas: 2,
      env: { DELAY_MS: '20' },
      container: probe,
      ingress: true,
    },
    load: both(60, '9s'),
    steps: '[{ wait: 2s }, { scale: { replicas: 0 } }, { wait: 1s }]',
  }),
  accuracyCase('calm', {
    workload: {
      image: 'podtank.lab/web:sigquit',
      replicas: 4,
      env: { DELAY_MS: '50' },
      container: `${probe}\n          lifecycle: { preStop: { sleep: { seconds: 5 } } }`,
      ingress: true,
    },
    load: both(80, '9s'),
    steps: scaleDown,
  }),
]
