import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { applyManifests, readManifests } from '../cluster/apply-manifests.ts'
import type { ClusterConnection } from '../cluster/connect.ts'
import { findWorkload, type Workload } from '../cluster/find-workload.ts'
import { resolveAddress } from '../cluster/resolve-address.ts'
import { waitForAvailable } from '../cluster/wait-for-available.ts'
import { checkLimits, readLimits } from '../load/check-limits.ts'
import type { LoadAddress } from '../load/load-plan.ts'
import { waitForAnswer } from '../load/wait-for-answer.ts'
import type { ClusterScenario } from '../scenario/scenario.ts'
import { resolveUrl } from './prepare-load.ts'

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
  signal: AbortSignal
  /** Told what is being waited for. */
  tell: (text: string) => void
}): Promise<Result<PreparedRun, Problem>> {
  const { scenario, connection, isLab, signal, tell } = options
  const namespace = scenario.changed.namespace ?? connection.namespace
  const refusal = refuse(namespace)
  if (refusal) return fail(refusal)
  if (isLab) {
    const objects = await readManifests(scenario.manifests)
    if (!objects.ok) return objects
    const applied = await applyManifests(connection, objects.value, namespace)
    if (!applied.ok) return applied
  }
  const workload = await findWorkload(connection, scenario.changed.workload, namespace)
  if (!workload.ok) return workload
  tell(`waiting for ${workload.value.ref.kind}/${workload.value.ref.name} to be available`)
  const available = await waitForAvailable(connection, workload.value, signal)
  if (!available.ok) return available
  const found = await findAddress(scenario, connection, namespace)
  if (!found.ok) return found
  const { address, services } = found.value
  const limits = checkLimits(scenario.load, await readLimits(address.host))
  const [tooMuch] = limits.refused
  if (tooMuch) return fail(tooMuch)
  for (const { message } of limits.warned) tell(`warning: ${message}`)
  tell(`waiting for an answer at ${address.host}:${address.port}`)
  const answers = await waitForAnswer(address, scenario.load, signal)
  if (!answers.ok) return answers
  return succeed({ scenario, connection, workload: workload.value, address, services })
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

/** The cluster's own namespaces are never a place for experiments. */
function refuse(namespace: string): Problem | undefined {
  if (!namespace.startsWith('kube-')) return undefined
  return {
    code: 'refused-namespace',
    message: `namespace "${namespace}" belongs to the cluster itself; podtank changes nothing there`,
    hint: 'choose the namespace of the application with -n',
  }
}
