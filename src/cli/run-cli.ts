import { Command, CommanderError } from 'commander'
import { EXIT } from '../verdict/exit-code.ts'
import { demoCommand } from './commands/demo.ts'
import { doctorCommand } from './commands/doctor.ts'
import { duringCommand } from './commands/during.ts'
import { importCommand } from './commands/import.ts'
import { labCommand } from './commands/lab.ts'
import { loadCommand } from './commands/load.ts'
import { manifestsCommand } from './commands/manifests.ts'
import { replayCommand } from './commands/replay.ts'
import { reportCommand } from './commands/report.ts'
import { restoreCommand } from './commands/restore.ts'
import { runCommand } from './commands/run.ts'
import { schemaCommand } from './commands/schema.ts'
import { tryCommand } from './commands/try.ts'
import { versionCommand } from './commands/version.ts'
import { watchCommand } from './commands/watch.ts'
import type { Host } from './host.ts'
import { podtankVersion } from './version.ts'

const EXIT_CODES = `
Exit codes:
  0 passed · 2 command line or scenario wrong · 3 cluster or target not reachable
  10 an expectation failed · 11 inconclusive · 12 something could not be put back
  13 refused by a safety guard · 14 stopped by a stop criterion · 16 a step failed
  70 a bug in podtank
  130, 143 interrupted, and put back`

/** Runs the command line of a host and gives the exit code. */
export async function runCli(host: Host): Promise<number> {
  let exitCode: number = EXIT.passed
  const end = (code: number) => {
    exitCode = code
  }
  const program = new Command(host.programName)
    .description(
      'Finds out what a rollout does to your users before they do: HTTP load at a known rate while pods of a Deployment, StatefulSet or DaemonSet are scaled, deleted, rolled or patched, and the cause of every failed request.',
    )
    .version(podtankVersion(), '--version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
    })
    .showHelpAfterError(`(see ${host.programName} --help)`)
    .addHelpText('after', EXIT_CODES)
  for (const command of [
    demoCommand(host, end),
    runCommand(host, end),
    duringCommand(host, end),
    watchCommand(host, end),
    tryCommand(host, end),
    loadCommand(host, end),
    reportCommand(host, end),
    replayCommand(host, end),
    importCommand(host, end),
    restoreCommand(host, end),
    doctorCommand(host, end),
    manifestsCommand(host, end),
    labCommand(host, end),
    schemaCommand(host),
    versionCommand(host),
  ]) {
    program.addCommand(command.copyInheritedSettings(program))
  }
  try {
    await program.parseAsync([...host.argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.usage
    throw error
  }
}
