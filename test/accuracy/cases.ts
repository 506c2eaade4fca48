import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CauseId } from '../../src/analysis/analysis.ts'
import { scenarioFile } from '../library/run-in-library.ts'
import { workloadManifest, type WorkloadOptions } from '../support/lab-run.ts'
import type { Story } from './true-cause.ts'

/** A run whose failures have causes that the lab's truth can tell. */
export interface AccuracyCase {
  readonly name: string
  readonly scenario: string
  readonly manifest: string
  /** Why things happened that the truth only tells to have happened. */
  readonly story: Story
}

const probe =
  'readinessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 1, failureThreshold: 1 }'

interface Spec {
  readonly workload: WorkloadOptions
  readonly load: string
  readonly steps: string
  readonly killed?: CauseId
  /** It finishes what it has begun: what breaks at its stop signal came on a connection that it was closing. */
  readonly finishes?: true
}

function accuracyCase(
  name: string,
  { workload, load, steps, killed, finishes }: Spec,
): AccuracyCase {
  return {
    name,
    manifest: workloadManifest(workload),
    story: {
      ...(killed !== undefined && { 'cut-killed': killed }),
      ...(finishes && { 'cut-at-signal': 'EXIT_BEFORE_DEREGISTER' }),
    },
    scenario: `podtank: 1
name: ${name}
target: { workload: deployment/web, through: ${workload.ingress ? 'ingress' : 'service'}/web }
load: ${load}
steps: ${steps}
manifests: [web.yaml]
`,
  }
}

/** A scenario of the library, for its story. */
function libraryCase(name: string, story: Story): AccuracyCase {
  const file = scenarioFile(name)
  const scenario = readFileSync(file, 'utf8')
  const [, manifest = ''] = /manifests: \[(\S+)\]/.exec(scenario) ?? []
  return {
    name,
    scenario: scenario.replace(manifest, 'web.yaml'),
    manifest: readFileSync(join(dirname(file), manifest), 'utf8'),
    story,
  }
}

/** Whatever is missing or ends, or is late for that, has this one reason. */
const allFor = (cause: CauseId): Story => ({
  'no-endpoints': cause,
  'cut-unasked': cause,
  late: cause,
})

/** All pods go at once: those that are turned away by the last of them would have had another otherwise. */
const noneLeft = (cause: CauseId): Story => ({ ...allFor(cause), 'turned-away-old': cause })

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
      ingress: 'nginx',
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
    finishes: true,
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
  accuracyCase('sigterm-restart-ingress', {
    workload: {
      image: 'podtank.lab/web:sigterm',
      replicas: 3,
      env: { DELAY_MS: '100' },
      container: probe,
      ingress: 'nginx',
    },
    load: both(80, '14s'),
    steps: restart,
  }),
  ...(['envoy', 'haproxy'] as const).map((ingress) =>
    accuracyCase(`sigterm-${ingress}`, {
      workload: {
        image: 'podtank.lab/web:sigterm',
        replicas: 6,
        env: { DELAY_MS: '200' },
        container: probe,
        ingress,
      },
      load: both(100, '8s'),
      steps: scaleDown,
    }),
  ),
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
      ingress: 'nginx',
    },
    load: both(60, '9s'),
    steps: '[{ wait: 2s }, { scale: { replicas: 0 } }, { wait: 1s }]',
    finishes: true,
  }),
  accuracyCase('calm', {
    workload: {
      image: 'podtank.lab/web:sigquit',
      replicas: 4,
      env: { DELAY_MS: '50' },
      container: `${probe}\n          lifecycle: { preStop: { sleep: { seconds: 5 } } }`,
      ingress: 'nginx',
    },
    load: both(80, '9s'),
    steps: scaleDown,
    finishes: true,
  }),
  accuracyCase('hook-longer-than-grace', {
    workload: {
      image: 'podtank.lab/slow:1',
      replicas: 4,
      env: { DELAY_MS: '4500' },
      podSpec: 'terminationGracePeriodSeconds: 2',
      container: `${probe}\n          lifecycle: { preStop: { exec: { command: [sleep, '5'] } } }`,
    },
    load: both(30, '9s'),
    steps: '[{ wait: 5s }, { scale: { replicas: 1 } }, { wait: 1s }]',
    killed: 'PRESTOP_LONGER_THAN_GRACE',
  }),
  libraryCase('crash', allFor('CRASH')),
  libraryCase('oom', allFor('OOM')),
  libraryCase('liveness-kill', allFor('LIVENESS_RESTART')),
  libraryCase('readiness-flap', allFor('READINESS_FLAP')),
  libraryCase('recreate', noneLeft('RECREATE_GAP')),
  libraryCase('capacity-drop', allFor('CAPACITY_DROP')),
  libraryCase('evict-no-budget', noneLeft('DRAIN_WITHOUT_PDB')),
  libraryCase('alb-no-prestop', { 'turned-away-old': 'LB_DEREGISTER_SLOW' }),
]
