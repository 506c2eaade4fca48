import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Host } from './host.ts'

/** A new directory's name for a run: `reports/<name>-<time>-<id>`, the time to the second in UTC. */
export function runDirectory(host: Host, name: string): string {
  const time = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return join(host.cwd, 'reports', `${name}-${time}-${randomBytes(2).toString('hex')}`)
}
