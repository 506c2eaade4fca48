import { pause } from '../base/pause.ts'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { applyManifests, readManifests } from '../cluster/apply-manifests.ts'
import type { ClusterConnection } from '../cluster/connect.ts'
import type { Allowances } from '../cluster/guard/guard-facts.ts'
import { guardPlace } from '../cluster/guard/guard-place.ts'
import { guardTarget } from '../cluster/guard/guard-target.ts'
import { readTargetFacts } from '../cluster/guard/read-target-facts.ts'
import { findWorkload, type Workload } from '../cluster/find-workload.ts'
import { resolveAddress } from '../cluster/resolve-address.ts'
import { waitForAvailable } from '../cluster/wait-for-available.ts'
import { checkLimits, readLimits } from '../load/check-limits.ts'
import type { LoadAddress } from '../load/load-plan.ts'
import { waitForAnswer } from '../load/wait-for-answer.ts'
import type { ClusterScenario } from '../scenario/scenario.ts'
import { clearLeftovers } from './clear-leftovers.ts'
import { resolveUrl } from './prepare-load.ts'
import { probeAddress } from './probe-address.ts'

const PUBLISHED_WITHIN_MS = 5_000
const ASK_EVERY_MS = 100

/** What a run works on, found and checked before anything is changed. */
export interface PreparedRun {
  readonly scenario: ClusterScenario
  readonly connection: ClusterConnection
  readonly workload: Workload
  readonly address: LoadAddress
  /** Names of the Services whose EndpointSlices decide; empty for a bare URL. */
  readonly services: readonly string[]
}

/**
 * Applies the manifests (on the lab only), refuses what must not be touched, waits until the workload is available,
 * resolves the address of the load, and waits until it answers.
 */
export async function prepareRun(options: {
  scenario: ClusterScenario
  connection: ClusterConnection
  isLab: boolean
  /** Nothing is put back, and no request is sent to the target: only whether it can be connected to is looked at. */
  isDryRun?: boolean
  /** What the user has said is meant. */
  allowed: Allowances
  signal: AbortSignal
  /** Told what is being waited for. */
  tell: (text: string) => void
}): Promise<Result<PreparedRun, Problem>> {
  const { scenario, connection, isLab, signal, tell } = options
  const namespace = scenario.changed.namespace ?? connection.namespace
  const place = {
    contextName: connection.contextName,
    serverUrl: connection.client.server,
    namespace,
  }
  const refusal = guardPlace(place, options.allowed)
  if (refusal) return fail(refusal)
  const made = isLab ? await makeThere(scenario, connection, namespace) : succeed(undefined)
  if (!made.ok) return made
  const cleared = isLab
    ? succeed(undefined)
    : await clearLeftovers({ ...options, namespace, workload: scenario.changed.workload })
  if (!cleared.ok) return cleared
  const workload = await findWorkload(connection, scenario.changed.workload, namespace)
  if (!workload.ok) return workload
  const found = isLab
    ? await findNewAddress(scenario, connection, namespace, signal)
    : await findAddress(scenario, connection, namespace)
  if (!found.ok) return found
  const { address, services } = found.value
  const guarded = isLab ? succeed(undefined) : await guard(options, workload.value, address)
  if (!guarded.ok) return guarded
  tell(`waiting for ${workload.value.ref.kind}/${workload.value.ref.name} to be available`)
  const available = await waitForAvailable(connection, workload.value, signal)
  if (!available.ok) return available
  const limits = checkLimits(scenario.load, await readLimits(address.host))
  const [tooMuch] = limits.refused
  if (tooMuch) return fail(tooMuch)
  for (const { message } of limits.warned) tell(`warning: ${message}`)
  tell(
    `waiting for ${options.isDryRun ? 'a connection to' : 'an answer at'} ${address.host}:${address.port}`,
  )
  const answers = options.isDryRun
    ? await probe(scenario, address, signal)
    : await waitForAnswer(address, scenario.load, signal)
  if (!answers.ok) return answers
  return succeed({ scenario, connection, workload: workload.value, address, services })
}

/** Connects, and sends nothing. */
async function probe(
  { load }: ClusterScenario,
  address: LoadAddress,
  signal: AbortSignal,
): Promise<Result<void, Problem>> {
  const reached = await probeAddress(address, load.http === '2' ? 'h2' : 'http/1.1', signal)
  return reached.ok ? reached : fail({ ...reached.error, hint: 'check target.through' })
}

async function makeThere(
  scenario: ClusterScenario,
  connection: ClusterConnection,
  namespace: string,
): Promise<Result<void, Problem>> {
  const objects = await readManifests(scenario.manifests)
  return objects.ok ? applyManifests(connection, objects.value, namespace) : objects
}

/** Nothing has been sent to the target yet. */
async function guard(
  options: Parameters<typeof prepareRun>[0],
  workload: Workload,
  address: LoadAddress,
): Promise<Result<void, Problem>> {
  const { scenario, connection, allowed, tell } = options
  const { through } = scenario.changed
  const facts = await readTargetFacts(connection.client, workload, scenario.steps, {
    name: through.kind === 'url' ? new URL(through.url).hostname : address.host,
    ip: address.host,
    port: address.port,
    isFound: through.kind !== 'url',
  })
  if (!facts.ok) return facts
  const { refusal, warnings } = guardTarget(facts.value, allowed)
  for (const warning of warnings) tell(`warning: ${warning}`)
  return refusal ? fail(refusal) : succeed(undefined)
}

/** An Ingress that was made a moment ago has no address before its controller has published one. */
async function findNewAddress(
  scenario: ClusterScenario,
  connection: ClusterConnection,
  namespace: string,
  signal: AbortSignal,
): ReturnType<typeof findAddress> {
  const startedMs = performance.now()
  for (;;) {
    const found = await findAddress(scenario, connection, namespace)
    const isEarly = !found.ok && found.error.code === 'no-address'
    if (!isEarly || signal.aborted || performance.now() - startedMs > PUBLISHED_WITHIN_MS) {
      return found
    }
    await pause(ASK_EVERY_MS, signal)
  }
}

async function findAddress(
  { changed, load }: ClusterScenario,
  connection: ClusterConnection,
  namespace: string,
): Promise<Result<Pick<PreparedRun, 'address' | 'services'>, Problem>> {
  const { through } = changed
  if (through.kind !== 'url') {
    const resolved = await resolveAddress(connection, through, namespace)
    if (!resolved.ok) return resolved
    const { services, ...address } = resolved.value
    return succeed({ address, services })
  }
  const resolved = await resolveUrl(through.url, load)
  if (!resolved.ok) return resolved
  const [address] = resolved.value
  if (!address) throw new Error('a name without an address')
  return succeed({ address, services: [] })
}
