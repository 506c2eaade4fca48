import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StepAction, WorkloadRef } from '../../src/scenario/scenario.ts'
import { type ApiProxy, type PassingCall, startApiProxy, type Upstream } from './api-proxy.ts'
import { allGone } from '../support/podtank.ts'
import { guardianOf, killAll, kubeconfigFor, start, type Victim } from './sweep-processes.ts'
import type { VictimTask } from './victim.ts'

/**
 * What becomes of the call at which the kill happens: it never arrives, it has taken effect and its answer is lost, or it
 * is on its way and takes effect in the middle of the recovery, or after it.
 */
export const FATES = ['lost', 'answered', 'late', 'very-late'] as const
export type Fate = (typeof FATES)[number]

export interface KillPoint {
  readonly call: number
  readonly victim: Victim
  readonly fate: Fate
  /** `late`: the held call goes on before this call of the recovery. */
  readonly lateAt?: number
  /** The recovery is a process of its own, which is killed at this call; another then does the work. */
  readonly recoveryCall?: number
}

/** What happened at one kill point. */
export interface KillRun {
  /** The call was reached, and somebody was killed. */
  readonly wasKilled: boolean
  /** `METHOD /path` at which it was. */
  readonly at?: string
  readonly recoveryWasKilled: boolean
  readonly victimCalls: number
  readonly recoveryCalls: number
  /** From the kill to the end of the recovery. */
  readonly recoveryMs: number
  /** What the recovery could not put back, and why; empty when it says that all is. */
  readonly recoveryFailed: string
}

/** The processes and proxies of one sweep lane; one kill point after another. */
export interface SweepRig {
  /** Runs the victim, kills at the point, and lets the recovery do its work. */
  kill(point: KillPoint): Promise<KillRun>
  close(): Promise<void>
}

export async function startSweepRig(options: {
  readonly upstream: Upstream
  readonly namespace: string
  readonly workload: WorkloadRef
  readonly steps: readonly StepAction[]
}): Promise<SweepRig> {
  const own = await startApiProxy(options.upstream)
  const others = await startApiProxy(options.upstream)
  const folder = mkdtempSync(join(tmpdir(), 'podtank-sweep-'))
  const guardianKubeconfig = join(folder, 'kubeconfig')
  writeFileSync(guardianKubeconfig, kubeconfigFor(others.url))
  let runs = 0
  return {
    kill(point) {
      const run = `sweep-${(runs += 1)}`
      const task: VictimTask = {
        apiUrl: own.url,
        guardianKubeconfig,
        logPath: join(folder, `${run}.log`),
        namespace: options.namespace,
        workload: options.workload,
        steps: options.steps,
        run,
      }
      return killAt(point, task, own, others)
    },
    async close() {
      await own.close()
      await others.close()
    },
  }
}

/** Of one run of one rig; none is the beginning of another. */
const markerOf = ({ logPath }: VictimTask): string => logPath

async function killAt(
  point: KillPoint,
  task: VictimTask,
  own: ApiProxy,
  others: ApiProxy,
): Promise<KillRun> {
  own.calls.length = 0
  others.calls.length = 0
  const child = start('victim.ts', [JSON.stringify(task)], markerOf(task))
  const guardian = guardianOf(child)
  let held: PassingCall | undefined
  let killedMs: number | undefined
  let atCall: string | undefined
  own.decide = async (call) => {
    if (call.number !== point.call) return 'answer'
    const pid = guardian.pid()
    if (point.victim === 'guardian' && pid === undefined) return 'answer'
    atCall = `${call.method} ${call.url}`
    if (point.fate === 'answered') await call.forward()
    if (point.fate === 'late' || point.fate === 'very-late') held = call
    killedMs = performance.now()
    await killAll(point.victim, child, pid)
    // The run lives on: its own call is on its way, and answered as the fate says.
    return point.fate === 'lost' || point.victim !== 'guardian' ? 'cut' : 'answer'
  }
  const recoveryStart = () => others.calls.length
  let recoveryFrom: number | undefined
  others.decide = async () => {
    if (killedMs === undefined) return 'answer'
    recoveryFrom ??= recoveryStart()
    if (
      held &&
      point.fate === 'late' &&
      others.calls.length - recoveryFrom + 1 >= (point.lateAt ?? 2)
    ) {
      const late = held
      held = undefined
      await late.forward()
    }
    return 'answer'
  }
  await child.ended
  const callsBefore = others.calls.length
  let recoveryWasKilled = false
  let recoveryFailed = ''
  const isGuarded =
    guardian.pid() !== undefined && (point.victim === 'run' || point.victim === 'group')
  if (killedMs !== undefined && isGuarded) await guardian.gone()
  else if (killedMs !== undefined) {
    if (point.recoveryCall !== undefined) {
      recoveryWasKilled = await killRecovery(point.recoveryCall, task.namespace, others)
    }
    const recoverer = start('recoverer.ts', [others.url, task.namespace])
    await recoverer.ended
    recoveryFailed = recoverer.said()
  } else await guardian.gone()
  const recoveryMs = killedMs === undefined ? 0 : performance.now() - killedMs
  await held?.forward()
  // A guardian of which the run could not tell before it was killed is at work beside the recovery.
  if (killedMs !== undefined) await allGone(markerOf(task), 20_000)
  own.decide = () => Promise.resolve('answer')
  others.decide = () => Promise.resolve('answer')
  return {
    wasKilled: killedMs !== undefined,
    ...(atCall !== undefined && { at: atCall }),
    recoveryWasKilled,
    victimCalls: own.calls.length,
    recoveryCalls: others.calls.length - callsBefore,
    recoveryMs,
    recoveryFailed,
  }
}

/** True when the recovery came to the call and was killed there. */
async function killRecovery(atCall: number, namespace: string, proxy: ApiProxy): Promise<boolean> {
  const before = proxy.calls.length
  const first = start('recoverer.ts', [proxy.url, namespace])
  const decide = proxy.decide
  let wasKilled = false
  proxy.decide = async (call) => {
    const passing = await decide(call)
    if (call.number - before !== atCall || wasKilled) return passing
    wasKilled = true
    // Every other one takes effect.
    if (atCall % 2 === 0) await call.forward()
    first.kill('SIGKILL')
    await first.ended
    return 'cut'
  }
  await first.ended
  proxy.decide = decide
  return wasKilled
}
