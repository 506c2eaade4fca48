import type { CauseId } from '../../src/analysis/analysis.ts'

/** What a run of a scenario of the library must come to, whatever the seed. */
export interface Expectation {
  /** The folder in `scenarios/`. */
  readonly name: string
  /** Lines of the scenario's `expect:` that do not hold; the verdict is `passed` when there is none. */
  readonly broken: readonly string[]
  /** The cause of most failures; `none` when nothing fails. */
  readonly mainCause: CauseId | 'none'
  /** With what the container of every pod ends that was deleted. */
  readonly exitCode?: number
  /** Whether the pods that were deleted were there until their grace was over. */
  readonly takesWholeGrace?: boolean
  /** How many pods are Ready at every moment, at least. */
  readonly readyAtLeast?: number
  /** Programs that must be installed; without them the scenario cannot be run. */
  readonly needs?: readonly string[]
  /** What it is about is there on a lab alone. */
  readonly onLabOnly?: true
  /** What not every cluster has: an ingress controller, a second node. */
  readonly clusterNeeds?: readonly ('ingress' | 'two nodes')[]
}

const FAILED = 'failed == 0'
const CUT = [FAILED, 'failed{class=closed-in-body} == 0']

const passes = (name: string, more: Partial<Expectation> = {}): Expectation => ({
  name,
  broken: [],
  mainCause: 'none',
  ...more,
})

const fails = (
  name: string,
  mainCause: Expectation['mainCause'],
  more: Partial<Expectation> = {},
): Expectation => ({
  name,
  broken: [FAILED],
  mainCause,
  ...more,
})

const nginx = { needs: ['nginx'] } as const
const traefik = { ...nginx, clusterNeeds: ['ingress'] } as const
/** Behind an Ingress or a Gateway of a controller that the tests on a real cluster have not. */
const otherIngress = { onLabOnly: true } as const
const drains = { exitCode: 0, takesWholeGrace: false } as const
const killed = { exitCode: 137, takesWholeGrace: true } as const

/** The library, in the order of `docs/scenarios.md`. */
export const EXPECTATIONS: readonly Expectation[] = [
  fails('nginx-sigterm-service', 'INFLIGHT_CUT_AT_TERM', { ...nginx, broken: CUT }),
  fails('nginx-sigterm-ingress', 'INFLIGHT_CUT_AT_TERM', {
    ...nginx,
    ...otherIngress,
    broken: CUT,
  }),
  fails('nginx-sigquit-service', 'EXIT_BEFORE_DEREGISTER', nginx),
  fails('nginx-sigquit-ingress', 'EXIT_BEFORE_DEREGISTER', { ...nginx, ...otherIngress }),
  passes('nginx-prestop-service', nginx),
  passes('nginx-prestop-ingress', { ...nginx, ...otherIngress }),
  fails('nginx-sigterm-both', 'INFLIGHT_CUT_AT_TERM', { ...nginx, broken: CUT }),
  fails('nginx-sigquit-both', 'EXIT_BEFORE_DEREGISTER', nginx),
  fails('nginx-prestop-both', 'KEEPALIVE_PINNED_TO_TERMINATING', nginx),
  fails('traefik-sigterm', 'INFLIGHT_CUT_AT_TERM', { ...traefik, broken: CUT }),
  fails('traefik-sigquit', 'EXIT_BEFORE_DEREGISTER', traefik),
  passes('traefik-prestop', traefik),
  fails('nginx-prestop-quit', 'INFLIGHT_CUT_AT_TERM', { ...nginx, broken: CUT }),
  fails('nginx-prestop-broken', 'PRESTOP_FAILED', { ...nginx, broken: CUT }),
  fails('phpfpm-no-control-timeout', 'INFLIGHT_CUT_AT_TERM', { needs: ['nginx', 'php-fpm'] }),
  passes('phpfpm-control-timeout', { needs: ['nginx', 'php-fpm'] }),
  fails('supervisor-wrong-signal', 'INFLIGHT_CUT_AT_TERM', { broken: CUT }),
  passes('supervisor-right-signal', drains),
  fails('keepalive-pinned', 'KEEPALIVE_PINNED_TO_TERMINATING', drains),
  passes('connection-close', drains),
  fails('shell-form', 'SHELL_SWALLOWS_TERM', killed),
  passes('exec-form', drains),
  fails('start-script', 'SHELL_SWALLOWS_TERM', killed),
  passes('start-script-exec', drains),
  passes('tini', { ...drains, needs: ['tini'] }),
  passes('trap-forwarder', drains),
  fails('no-handler', 'PID1_IGNORES_TERM', killed),
  fails('docker-stop-10', 'SIGKILL_AT_GRACE_END', killed),
  fails('grace-too-short', 'SIGKILL_AT_GRACE_END', killed),
  passes('grace-long-enough', drains),
  fails('readiness-none', 'NOT_READY_GETS_TRAFFIC'),
  fails('readiness-tcp', 'NOT_READY_GETS_TRAFFIC'),
  passes('readiness-http'),
  passes('readiness-exec'),
  passes('startup-probe'),
  passes('rolling-default', { readyAtLeast: 3 }),
  passes('rolling-no-unavailable', { readyAtLeast: 4 }),
  fails('rolling-no-prestop', 'EXIT_BEFORE_DEREGISTER'),
  fails('recreate', 'RECREATE_GAP', { readyAtLeast: 0 }),
  fails('capacity-drop', 'CAPACITY_DROP'),
  fails('readiness-flap', 'READINESS_FLAP'),
  fails('liveness-kill', 'LIVENESS_RESTART'),
  fails('crash', 'CRASH'),
  fails('oom', 'OOM'),
  fails('alb-no-prestop', 'LB_DEREGISTER_SLOW', { ...drains, ...otherIngress }),
  passes('alb-prestop', { ...drains, ...otherIngress }),
  fails('stale-registry', 'STALE_DISCOVERY'),
  passes('registry-deregister'),
  fails('evict-no-budget', 'DRAIN_WITHOUT_PDB'),
  passes('evict-with-budget', drains),
  passes('statefulset-rolled-scaled', drains),
  fails('daemonset-restart', 'EXIT_BEFORE_DEREGISTER', drains),
  passes('drain-node', { ...drains, clusterNeeds: ['two nodes'] }),
  passes('delete-pods-graceful', drains),
  fails('delete-pods-force', 'FORCE_DELETED'),
  passes('gateway-rolling', otherIngress),
]
