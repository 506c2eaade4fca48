import { randomBytes } from 'node:crypto'
import { cpus } from 'node:os'
import { runClock } from '../base/clock.ts'
import { type Environment, type MetaEntry, RECORDING_FORMAT } from '../recording/entry.ts'
import { hideInCommand } from '../recording/hide-secrets.ts'
import type { Host } from './host.ts'
import { podtankVersion } from './version.ts'

/** The first entry of a run that begins now, on this machine. */
export function metaEntry(
  host: Host,
  where: Pick<Environment, 'cluster' | 'serverVersion' | 'seed' | 'labNetwork' | 'limits'>,
): MetaEntry {
  const processors = cpus()
  return {
    kind: 'meta',
    format: RECORDING_FORMAT,
    podtankVersion: podtankVersion(),
    runId: randomBytes(4).toString('hex'),
    startedAt: new Date().toISOString(),
    startedAtMonotonicUs: runClock().startedAtUs,
    command: [host.programName, ...hideInCommand(host.argv)],
    environment: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: processors[0]?.model.trim() ?? 'unknown',
      cores: processors.length,
      ...where,
    },
  }
}
