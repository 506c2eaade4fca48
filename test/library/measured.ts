import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRecording } from '../../src/recording/read-recording.ts'
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

/** Keeps what a run came to, beside what other scenarios and seeds did. */
export async function keepMeasured(
  where: 'lab' | 'cluster',
  name: string,
  seed: string,
  { result, exitCode, directory }: FinishedRun,
): Promise<void> {
  const recording = await readRecording(directory)
  const environment = recording.ok ? recording.value.meta.environment : undefined
  const before = readMeasured(where)?.runs ?? {}
  const run: MeasuredRun = {
    failed: result.ledger.sent - (result.ledger.outcomes['ok'] ?? 0),
    sent: result.ledger.sent,
    mainCause: result.causes[0]?.cause ?? 'none',
    conclusive: exitCode !== 11,
  }
  const measured: Measured = {
    machine: [
      `${environment?.cores ?? '?'} × ${environment?.cpu ?? '?'}`,
      environment?.platform,
      `Node ${environment?.node ?? '?'}`,
      ...(environment?.labNetwork === undefined ? [] : [`${environment.labNetwork} network`]),
    ].join(', '),
    measuredOn: new Date().toISOString().slice(0, 10),
    runs: { ...before, [name]: { ...before[name], [seed]: run } },
  }
  writeFileSync(fileOf(where), `${JSON.stringify(measured, undefined, 2)}\n`)
}
