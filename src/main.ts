import { basename } from 'node:path'
import type { Host } from './cli/host.ts'
import { labPlaceFinder } from './cli/lab-place.ts'
import { runCli } from './cli/run-cli.ts'
import { EXIT } from './verdict/exit-code.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

const host: Host = {
  argv: process.argv.slice(2),
  programName: basename(process.argv[1] ?? '').startsWith('kubectl-')
    ? 'kubectl podtank'
    : 'podtank',
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  findLabPlace: labPlaceFinder(),
  onSignal(handler) {
    for (const signal of SIGNALS) process.on(signal, handler)
    return () => {
      for (const signal of SIGNALS) process.off(signal, handler)
    }
  },
}

// A reader that went away (`| head -1`) must neither end the run nor skip the restore.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

try {
  process.exitCode = await runCli(host)
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.stderr.write('This is a bug in podtank.\n')
  process.exitCode = EXIT.bug
}
// Wait for what a pipe still has to take, then leave whatever handles are still open.
process.stdout.write('', () => process.stderr.write('', () => process.exit()))
