import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A running nginx. */
export interface Nginx {
  /** Its prefix: configuration and logs are there. */
  readonly directory: string
  /** Gives the new configuration to nginx, as `nginx -s reload` does. */
  reload(conf: string): void
  close(): void
}

/**
 * A line on stdin is SIGHUP, its end SIGTERM: whatever ends the lab, nginx ends with it, and its directory goes.
 */
const KEEPER = `"$@" &
pid=$!
while read -r line; do kill -HUP "$pid"; done
kill -TERM "$pid"
wait "$pid"
rm -rf "$directory"`

/** Starts nginx with a configuration, in a directory of its own under `parent`. */
export function runNginx(binary: string, parent: string, conf: string): Nginx {
  mkdirSync(parent, { recursive: true })
  const directory = mkdtempSync(join(parent, 'ingress-'))
  mkdirSync(join(directory, 'temp'))
  const path = join(directory, 'nginx.conf')
  writeFileSync(path, conf)
  const command = [binary, '-p', directory, '-c', path, '-e', join(directory, 'error.log')]
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', ...command], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'], directory },
  })
  keeper.on('error', () => undefined)
  keeper.stdin.on('error', () => undefined)
  return {
    directory,
    reload(next) {
      writeFileSync(path, next)
      keeper.stdin.write('reload\n')
    },
    close: () => void keeper.stdin.end(),
  }
}
