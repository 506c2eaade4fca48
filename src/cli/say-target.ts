import { plural } from '../base/units.ts'
import type { Environment } from '../recording/entry.ts'
import { addressText } from '../run/address-text.ts'
import type { PreparedRun } from '../run/prepare-run.ts'
import { type Host, say } from './host.ts'

/** Says what is about to be touched, before it is. */
export function sayTarget(
  host: Host,
  { scenario, connection, workload, address }: PreparedRun,
  { cluster, limits }: Environment,
): void {
  sayLimits(host, limits)
  const { client } = connection
  say(host, `context    ${cluster}${cluster === 'lab' ? '' : `, API server ${client.server}`}`)
  say(
    host,
    `workload   ${workload.ref.kind}/${workload.ref.name} in namespace ${workload.namespace}`,
  )
  say(
    host,
    `load       ${addressText(address)}, ${plural(scenario.load.requests.length, 'kind')} of request`,
  )
}

/** Says what the lab does not show faithfully. */
export function sayLimits(host: Host, limits: readonly string[]): void {
  for (const limit of limits) say(host, `not shown  ${limit}`)
}
