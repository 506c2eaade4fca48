import { judgeShutdown } from './judge-shutdown.ts'
import type { Judged } from './judge-signal.ts'
import { adviceYaml, shutdownAdvice } from './shutdown-advice.ts'
import { TRY_RESULT_VERSION, type TryResult } from './try-result.ts'

/** All that a try has found out. */
export interface Tried extends Judged {
  readonly podtank: string
  readonly command: readonly string[]
  readonly opensAfterMs: number
  readonly answerMs: number
  readonly load: TryResult['load']
  readonly notRun?: string
  readonly limits: readonly string[]
  /** Failures that a preStop cures count too. */
  readonly isStrict: boolean
}

const CODES = { graceful: 0, 'not-graceful': 10, inconclusive: 11 } as const

/** Puts a try together and judges it. */
export function concludeTry(tried: Tried): TryResult {
  const { idle } = tried
  const findings = judgeShutdown(tried)
  const bad = findings.filter(({ state }) => state === 'bad')
  const [service] = shutdownAdvice(tried)
  const failed = tried.load.reduce((sum, run) => sum + run.failed, 0)
  const outcome =
    bad.length > 0 || (tried.isStrict && failed > 0)
      ? 'not-graceful'
      : tried.isStrict && tried.load.some((run) => run.outcome === 'inconclusive')
        ? 'inconclusive'
        : 'graceful'
  return {
    version: TRY_RESULT_VERSION,
    podtank: tried.podtank,
    command: [...tried.command],
    verdict: {
      outcome,
      sentence: sentenceOf(bad[0]?.text, tried.isStrict ? failed : 0, service?.preStopSeconds ?? 0),
      exitCode: CODES[outcome],
    },
    start: {
      opensAfterSeconds: round(tried.opensAfterMs),
      answersAfterSeconds: round(tried.answerMs),
    },
    processes: idle.processes.map((process) => ({
      containerPid: process.containerPid,
      parentContainerPid: process.parentContainerPid,
      command: process.command,
      listens: process.listens,
      ...(process.endedMs !== undefined && { endedAfterSeconds: round(process.endedMs) }),
    })),
    exit: {
      ...(idle.exitMs !== undefined && { afterSeconds: round(idle.exitMs) }),
      ...(idle.exitCode !== undefined && { code: idle.exitCode }),
    },
    findings,
    advice: shutdownAdvice(tried),
    ...(bad.length === 0 && service && { yaml: adviceYaml(service) }),
    load: tried.load,
    ...(tried.notRun !== undefined && { notRun: tried.notRun }),
    limits: [...tried.limits],
  }
}

function sentenceOf(bad: string | undefined, failed: number, preStopSeconds: number): string {
  if (bad !== undefined) return `The shutdown is not graceful: ${bad}.`
  if (failed > 0) return `${failed} requests failed under load without a preStop.`
  return preStopSeconds === 0
    ? 'The shutdown is graceful, and needs no preStop behind a Service.'
    : `The shutdown is graceful; behind a Service it needs a preStop of ${preStopSeconds} s, as almost every server does.`
}

const round = (ms: number): number => Math.max(0, Math.round(ms) / 1_000)
