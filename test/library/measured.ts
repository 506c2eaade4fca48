import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRecording } from '../../src/recording/read-recording.ts'
import { EXIT } from '../../src/verdict/exit-code.ts'
import type { FinishedRun } from './check-run.ts'

/** What runs of the library came to, as `measured-lab.json` and `measured-cluster.json` keep it for the table. */
export interface Measured {
  /** Processors, program and network of the runs. */
  readonly machine: string
  /** ISO date. */
  readonly measuredOn: string
  /** By scenario; on the lab by seed within. */
  readonly runs: Readonly<Record<string, Readonly<Record<string, MeasuredRun>>>>
}

export interface MeasuredRun {
  readonly failed: number
  readonly sent: number
  /** Failures by class, a bad status with the status; of runs since this was kept. */
  readonly failures?: Readonly<Record<string, number>>
  /** From the deletion of a pod to the last request that came on a new connection, over its pods. */
  readonly drain?: { readonly p50Us: number; readonly maxUs: number }
  readonly mainCause: string
  /** False: the machine was too busy for a verdict, and the figures are of no use as latencies. */
  readonly conclusive: boolean
}

const fileOf = (where: 'lab' | 'cluster') => join(import.meta.dirname, `measured-${where}.json`)

/** What was measured last; undefined when nothing was. */
export function readMeasured(where: 'lab' | 'cluster'): Measured | undefined {
  const file = fileOf(where)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Measured) : undefined
}

/** The figures of a run. */
export function measuredRun({ result, exitCode }: FinishedRun): MeasuredRun {
  const { p50Us, maxUs } = result.drain.new ?? {}
  return {
    failed: result.ledger.sent - (result.ledger.outcomes['ok'] ?? 0),
    sent: result.ledger.sent,
    failures: Object.fromEntries((result.failures ?? []).map(({ name, count }) => [name, count])),
    ...(p50Us !== undefined && maxUs !== undefined && { drain: { p50Us, maxUs } }),
    mainCause: result.causes[0]?.cause ?? 'none',
    conclusive: exitCode !== EXIT.inconclusive,
  }
}

/** Keeps what a run came to, beside what other scenarios and seeds did. */
export async function keepMeasured(
  where: 'lab' | 'cluster',
  name: string,
  seed: string,
  finished: FinishedRun,
): Promise<void> {
  const recording = await readRecording(finished.directory)
  const environment = recording.ok ? recording.value.meta.environment : undefined
  const before = readMeasured(where)?.runs ?? {}
  const measured: Measured = {
    machine: [
      `${environment?.cores ?? '?'} × ${environment?.cpu ?? '?'}`,
      environment?.platform,
      `Node ${environment?.node ?? '?'}`,
      ...(environment?.labNetwork === undefined ? [] : [`${environment.labNetwork} network`]),
    ].join(', '),
    measuredOn: new Date().toISOString().slice(0, 10),
    runs: { ...before, [name]: { ...before[name], [seed]: measuredRun(finished) } },
  }
  writeFileSync(fileOf(where), `${JSON.stringify(measured, undefined, 2)}\n`)
}
