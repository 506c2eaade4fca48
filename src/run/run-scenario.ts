import type { Problem } from '../base/problem.ts'
import { type Result, succeed } from '../base/result.ts'
import type { ClusterChange } from '../cluster/cluster-change.ts'
import { ClusterState } from '../cluster/cluster-state.ts'
import { type ChangeSession, openSession } from '../cluster/restore/open-session.ts'
import { watchingSession } from '../cluster/restore/watching-session.ts'
import { ClusterWaiter } from '../cluster/wait-for-state.ts'
import { watchCluster } from '../cluster/watch-cluster.ts'
import type { EndEntry } from '../recording/entry.ts'
import { hideInScenario } from '../recording/hide-secrets.ts'
import { abandonment } from './abandonment.ts'
import { addressText } from './address-text.ts'
import { loadAndSteps } from './load-and-steps.ts'
import { plannedLoad } from './planned-load.ts'
import type { RunOptions } from './run-options.ts'
import { isDisruptive } from './step-runner.ts'

/**
 * Runs a scenario: watch, then load and steps side by side, then put back. Everything that happens is appended to
 * the recording; the entry `end` is the last. Fails only before anything is changed: when the watch cannot be
 * established, the lock cannot be had, or the guardian cannot work.
 */
export async function runScenario(options: RunOptions): Promise<Result<EndEntry, Problem>> {
  const { prepared, clock, append } = options
  const { scenario, connection, workload, address } = prepared
  const state = new ClusterState()
  const waiter = new ClusterWaiter(state)
  const watching = new AbortController()
  append({
    kind: 'plan',
    atUs: 0,
    scenario: hideInScenario(scenario),
    namespace: workload.namespace,
    address: addressText(address),
    ...plannedLoad(scenario.load),
  })
  const watched = await watchCluster({
    connection,
    workload,
    services: prepared.services,
    nowUs: clock.nowUs,
    random: options.random.stream('watch'),
    signal: watching.signal,
    onChange(change: ClusterChange) {
      state.apply(change)
      waiter.changed(change)
      append({ kind: 'cluster', ...change })
    },
  })
  if (!watched.ok) {
    watching.abort()
    return watched
  }
  const lost = new AbortController()
  const session = await openSessionFor(options, (problem) => lost.abort(problem))
  if (!session.ok) {
    watching.abort()
    return session
  }
  const given = abandonment(options, session.value)
  const until = { ...options, append: given.append }
  const end = await Promise.race([
    loadAndSteps(until, state, waiter, session.value, lost.signal),
    given.end,
  ])
  watching.abort()
  append(end)
  return succeed(end)
}

/** The user's own command needs no lock of ours, and no way back. */
async function openSessionFor(
  { prepared: { scenario, connection, workload }, runId, guardian }: RunOptions,
  onLost: (problem: Problem) => void,
): Promise<Result<ChangeSession, Problem>> {
  const changes = scenario.steps.some((step) => isDisruptive(step) && step.type !== 'exec')
  if (!changes) return succeed(watchingSession(runId))
  return openSession({
    client: connection.client,
    namespace: workload.namespace,
    workload: workload.ref,
    run: runId,
    ...(guardian && { guardian }),
    onLost,
  })
}
