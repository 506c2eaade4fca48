import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { connect } from '../cluster/connect.ts'
import { dryRunClient } from '../cluster/dry-run/dry-run-client.ts'
import type { Lab } from '../lab/lab.ts'
import { startLab } from '../lab/start-lab.ts'
import { type DryRun, dryRun } from '../run/dry-run.ts'
import { type PreparedRun, prepareRun } from '../run/prepare-run.ts'
import type { ExecuteOptions } from './execute-run.ts'
import { say } from './host.ts'
import { interruptedEarly, type StopControl, stopControl } from './stop-control.ts'

export type DryRunOptions = Pick<
  ExecuteOptions,
  'host' | 'scenario' | 'lab' | 'connect' | 'allowed'
>

export interface ExecutedDryRun {
  readonly prepared: PreparedRun
  readonly dryRun: DryRun
  /** `lab`, or the context's name. */
  readonly cluster: string
}

/** Prepares a run and tries its steps as dry runs. On the lab, which is made for it and gone afterwards, the manifests are applied first. */
export async function executeDryRun(
  options: DryRunOptions,
): Promise<Result<ExecutedDryRun, Problem>> {
  const stopping = stopControl(options.host)
  const directory = mkdtempSync(join(tmpdir(), 'podtank-dry-run-'))
  try {
    if (!options.lab) return await tryOn(options, stopping, undefined)
    const lab = await startLab({ directory, ...options.lab })
    if (!lab.ok) return lab
    try {
      return await tryOn(options, stopping, lab.value)
    } finally {
      await lab.value.close()
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
    stopping.close()
  }
}

async function tryOn(
  options: DryRunOptions,
  stopping: StopControl,
  lab: Lab | undefined,
): Promise<Result<ExecutedDryRun, Problem>> {
  const { host, scenario, allowed = {} } = options
  const connected = await connect(
    lab ? { ...options.connect, kubeconfig: lab.kubeconfigPath } : options.connect,
  )
  if (!connected.ok) return connected
  const { client } = connected.value
  const prepared = await prepareRun({
    scenario,
    // A lab is filled first; on a cluster nothing at all may take effect.
    connection: lab ? connected.value : { ...connected.value, client: dryRunClient(client) },
    isLab: lab !== undefined,
    isDryRun: true,
    allowed,
    signal: stopping.stop.signal,
    tell: (text) => say(host, text),
  })
  if (!prepared.ok)
    return stopping.stop.signal.aborted ? fail(interruptedEarly(stopping, 'changed')) : prepared
  const runId = randomBytes(4).toString('hex')
  const tried = await dryRun(prepared.value, { runId, allowed })
  if (!tried.ok) return tried
  const cluster = lab ? 'lab' : connected.value.contextName
  return succeed({ prepared: prepared.value, dryRun: tried.value, cluster })
}
