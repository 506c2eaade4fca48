import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDirectory } from '../base/make-directory.ts'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { connect } from '../cluster/connect.ts'
import { startLab } from '../lab/start-lab.ts'
import type { RunResult } from '../report/result.ts'
import { readScenario } from '../scenario/read-scenario.ts'
import { concludeTry } from '../try/conclude-try.ts'
import { wasKilled } from '../try/judge-signal.ts'
import { loadScenario, workload } from '../try/load-scenario.ts'
import { observeServer, type ObservedServer } from '../try/observe-server.ts'
import type { TryResult } from '../try/try-result.ts'
import type { TrySpec } from '../try/try-spec.ts'
import { type ExecuteOptions, executeRun } from './execute-run.ts'
import { type Host, say } from './host.ts'
import { interruptedEarly, stopControl } from './stop-control.ts'
import { tryReport } from './try-report.ts'
import { podtankVersion } from './version.ts'

export interface ExecuteTryOptions {
  readonly host: Host
  readonly spec: TrySpec
  readonly lab: NonNullable<ExecuteOptions['lab']>
  readonly startSeconds: number
  readonly isStrict: boolean
  /** Load besides the two shutdowns. */
  readonly wantsLoad: boolean
  readonly directory: string
}

/** Under load a server that waits for SIGKILL would only take time. */
const SHORT_GRACE_SECONDS = 3

const ALONE =
  'the server takes its port at every address, so that on this lab’s loopback network only one pod of it can run at a time; have it listen at the address in POD_IP to see it scaled and restarted under load'

/** Tries a server from beginning to end; result.json of the try and the reports of its runs are in `directory`. */
export async function executeTry(options: ExecuteTryOptions): Promise<Result<TryResult, Problem>> {
  const { host, spec, directory } = options
  const observed = await observeOnLab(options)
  if (!observed.ok) return observed
  const { limits, ...server } = observed.value
  const load: TryResult['load'] = []
  for (const through of options.wantsLoad && !server.isAlone ? WAYS : []) {
    say(host, `scaling and restarting it under load through the ${through}`)
    const run = await runLoad(options, through, server)
    if (!run.ok) return run
    load.push(loadOf(through, run.value))
  }
  const result = concludeTry({
    ...server,
    signal: spec.stopSignal ?? 'SIGTERM',
    graceSeconds: spec.graceSeconds,
    podtank: podtankVersion(),
    command: spec.command,
    load,
    ...(options.wantsLoad && server.isAlone && { notRun: ALONE }),
    limits,
    isStrict: options.isStrict,
  })
  makeDirectory(directory)
  writeFileSync(join(directory, 'try.json'), `${JSON.stringify(result, null, 2)}\n`)
  writeFileSync(join(directory, 'report.html'), tryReport(result))
  return succeed(result)
}

const WAYS = ['service', 'ingress'] as const

async function observeOnLab(
  options: ExecuteTryOptions,
): Promise<Result<ObservedServer & { limits: readonly string[] }, Problem>> {
  const { host, spec, directory, startSeconds } = options
  const stopping = stopControl(host)
  const lab = await startLab({ directory: join(directory, 'lab'), ...options.lab })
  try {
    if (!lab.ok) return lab
    const connection = await connect({ kubeconfig: lab.value.kubeconfigPath })
    if (!connection.ok) return connection
    say(host, `starting ${spec.command.join(' ')} as a pod`)
    const interrupted = new Promise<undefined>((resolve) => {
      stopping.stop.signal.addEventListener('abort', () => resolve(undefined))
    })
    const observed = await Promise.race([
      interrupted,
      observeServer(connection.value, spec, {
        startMs: startSeconds * 1_000,
        signal: stopping.stop.signal,
        hasOwnNetworks: lab.value.fidelity.network !== 'loopback',
        tell: (text) => say(host, text),
      }),
    ])
    if (!observed) return fail(interruptedEarly(stopping, 'found out'))
    return observed.ok
      ? succeed({ ...observed.value, limits: lab.value.fidelity.limits })
      : observed
  } finally {
    if (lab.ok) await lab.value.close()
    stopping.close()
  }
}

async function runLoad(
  { host, spec, lab, directory }: ExecuteTryOptions,
  through: 'service' | 'ingress',
  { idle, busy, path }: ObservedServer,
): Promise<Result<RunResult, Problem>> {
  const graceSeconds =
    wasKilled(idle) || wasKilled(busy)
      ? Math.min(SHORT_GRACE_SECONDS, spec.graceSeconds)
      : spec.graceSeconds
  // Outside of the reports: the manifest holds the values of --env.
  const folder = mkdtempSync(join(tmpdir(), 'podtank-try-'))
  try {
    const objects = workload({ ...spec, path, graceSeconds }).map((object) =>
      JSON.stringify(object),
    )
    writeFileSync(join(folder, 'app.json'), objects.join('\n---\n'), { mode: 0o600 })
    const file = join(folder, 'scenario.json')
    const scenario = readScenario(JSON.stringify(loadScenario({ ...spec, path }, through)), file)
    if (!scenario.ok) throw new Error(JSON.stringify(scenario.error))
    const run = await executeRun({
      host,
      scenario: scenario.value,
      lab: { ...lab, isThrownAway: true },
      connect: {},
      directory: join(directory, through),
      announce: () => undefined,
      openView: () => Promise.resolve({ entry: () => undefined, close: () => Promise.resolve() }),
    })
    return run.ok ? succeed(run.value.result) : run
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function loadOf(through: 'service' | 'ingress', result: RunResult): TryResult['load'][number] {
  const { sent, outcomes } = result.ledger
  const { responseTime } = result
  const [main] = result.causes
  return {
    through,
    sent,
    failed: sent - (outcomes['ok'] ?? 0),
    outcome: result.verdict.outcome,
    ...(main && { mainCause: main.cause }),
    ...(responseTime && { p99Seconds: Math.round(responseTime.p99Us / 1_000) / 1_000 }),
    report: `${through}/report.html`,
  }
}
