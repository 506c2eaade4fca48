import { actionOf } from '../cluster/act/action-of.ts'
import type { ActionContext } from '../cluster/act/step-effect.ts'
import { refOf } from '../cluster/act/workload-object.ts'
import { apiProblem } from '../cluster/api-problem.ts'
import type { PodFacts } from '../cluster/cluster-change.ts'
import { corePath } from '../cluster/paths.ts'
import { type DryCall, dryRunClient } from '../cluster/dry-run/dry-run-client.ts'
import { dryRunSession } from '../cluster/dry-run/dry-run-session.ts'
import { type DryRunPart, type DryRunStep, noPart } from '../cluster/dry-run/dry-run-step.ts'
import type { Allowances } from '../cluster/guard/guard-facts.ts'
import { LEASE_SECONDS } from '../cluster/restore/hold-lease.ts'
import { leasePath, newLease } from '../cluster/restore/lease-object.ts'
import { podFacts, type RawPod } from '../cluster/watch/pod-facts.ts'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { Step } from '../scenario/scenario.ts'
import { notesOf, ROLLOUTS } from './dry-run-notes.ts'
import type { PreparedRun } from './prepare-run.ts'
import { isDisruptive } from './step-runner.ts'
import { triedStep } from './tried-step.ts'

/** What a run would do, and what the API server says to it; nothing of it was done. */
export interface DryRun {
  /** Of the workload; nobody else may change it meanwhile. */
  readonly lock: DryRunPart
  readonly steps: readonly TriedStep[]
}

export interface TriedStep extends DryRunStep {
  readonly step: Step
  /** What the answers do not tell, in sentences. */
  readonly notes: readonly string[]
}

/** Tries each step of a prepared run, and its way back, as server-side dry runs. Problems: the API's, of listing the pods. */
export async function dryRun(
  prepared: PreparedRun,
  options: { readonly runId: string; readonly allowed: Allowances },
): Promise<Result<DryRun, Problem>> {
  const { scenario, connection, workload } = prepared
  const { client } = connection
  const pods = await listPods(prepared)
  if (!pods.ok) return pods
  const writes: DryCall[] = []
  const session = dryRunSession({ client, workload: refOf(workload), run: options.runId })
  const context: ActionContext = {
    connection: { ...connection, client: dryRunClient(client, (write) => writes.push(write)) },
    workload,
    pods: () => pods.value,
    session,
    // Nothing that was only tried is worth waiting for.
    signal: AbortSignal.abort(),
  }
  const lock = await tryLock(prepared, options.runId)
  const steps: TriedStep[] = []
  for (const [index, step] of scenario.steps.entries()) {
    const before = scenario.steps.slice(0, index)
    const known = knownBefore(step, before, options.allowed)
    if (known) {
      steps.push({ step, ...known, notes: [] })
      continue
    }
    writes.length = 0
    const done = await actionOf(step)?.(context)
    const tried = triedStep(session.take(), [...writes], done && !done.ok ? done.error : undefined)
    steps.push({ step, ...tried, notes: notesOf(step, before, steps, tried) })
  }
  return succeed({ lock, steps })
}

async function listPods({
  connection,
  workload,
}: PreparedRun): Promise<Result<readonly PodFacts[], Problem>> {
  const listed = await connection.client.call({
    method: 'GET',
    path: corePath(workload.namespace, 'pods'),
    query: { labelSelector: workload.selector },
  })
  if (!listed.ok) return fail(apiProblem(listed.error, 'listing the pods'))
  const { items } = listed.value as unknown as { items: readonly RawPod[] }
  return succeed(items.map(podFacts))
}

async function tryLock(
  { scenario, connection, workload }: PreparedRun,
  run: string,
): Promise<DryRunPart> {
  const changes = scenario.steps.some((step) => isDisruptive(step) && step.type !== 'exec')
  if (!changes) return noPart('no step changes anything')
  const { namespace, ref } = workload
  const body = newLease({ namespace, workload: ref, run, durationSeconds: LEASE_SECONDS })
  const call = { method: 'POST', path: leasePath(namespace), body } as const
  const made = await dryRunClient(connection.client).call(call)
  if (made.ok) return { verdict: 'accepted', calls: [call] }
  if (made.error.reason === 'AlreadyExists') {
    const text = 'a dead run has left one, which a run removes first, when it has put back'
    return { verdict: 'accepted', calls: [call], text }
  }
  const { code, message } = apiProblem(made.error, 'creating the lock of the run')
  return { verdict: 'refused', calls: [call], code, text: message }
}

/** What needs no answer of the server. */
function knownBefore(
  step: Step,
  before: readonly Step[],
  allowed: Allowances,
): DryRunStep | undefined {
  if (!isDisruptive(step)) return { change: noPart(), wayBack: noPart(), fields: [] }
  if (step.type === 'exec') {
    const text = 'a command of yours on this machine: only running it would tell'
    const change: DryRunPart = allowed.exec
      ? { verdict: 'unknown', calls: [], text }
      : {
          verdict: 'impossible',
          calls: [],
          code: 'refused',
          text: 'runs a command on this machine; say that it is meant: --allow-exec',
        }
    return { change, wayBack: noPart('what it changes is not put back'), fields: [] }
  }
  const rollout = before.findLastIndex(({ type }) => ROLLOUTS.has(type))
  if (step.type !== 'undo' || rollout === -1) return undefined
  const text = `it goes back to a revision that step ${rollout + 1} only makes`
  const change: DryRunPart = { verdict: 'unknown', calls: [], text }
  return { change, wayBack: noPart('as that of the steps before'), fields: [] }
}
