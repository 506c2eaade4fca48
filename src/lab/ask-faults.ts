import type { FaultRule, InjectedFault } from './api/faults/fault.ts'
import { FAULTS_PATH } from './api/faults/fault-control.ts'

/** Reads the fault plan of a running lab and what it struck, or replaces the plan first; throws when the lab is gone. */
export async function askFaults(
  serverUrl: string,
  rules?: readonly FaultRule[],
): Promise<{ readonly injected: readonly InjectedFault[] }> {
  const response = await fetch(serverUrl + FAULTS_PATH, {
    ...(rules ? { method: 'PUT', body: JSON.stringify({ rules }) } : {}),
    headers: { 'content-type': 'application/json' },
  })
  if (!response.ok) throw new Error(`the lab answered ${String(response.status)}`)
  return (await response.json()) as { readonly injected: readonly InjectedFault[] }
}
