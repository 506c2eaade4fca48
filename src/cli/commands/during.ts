import { resolve } from 'node:path'
import { Command } from 'commander'
import { EXIT } from '../../verdict/exit-code.ts'
import { checkLoadFiles } from '../../load/source/check-load-files.ts'
import { conclude } from '../conclude.ts'
import { exitCodeOfProblem } from '../exit-code-of-problem.ts'
import { addGuardFlags, allowancesOf, type GuardFlags } from '../guard-flags.ts'
import { type Host, say } from '../host.ts'
import { type DuringFlags, duringScenario } from '../load/during-scenario.ts'
import { addLoadFlags } from '../load/load-flags.ts'
import { openView } from '../open-view.ts'
import { report } from '../report.ts'
import { runDirectory } from '../run-directory.ts'
import { addClusterFlags, type ClusterFlags, connectOptionsOf } from '../cluster-flags.ts'
import { sayTarget } from '../say-target.ts'

type Flags = DuringFlags & ClusterFlags & GuardFlags

const EXAMPLES = `
Examples:
  podtank during -w deployment/web --through service/web -- kubectl rollout restart deploy/web
  podtank during -w deployment/web --through ingress/web -s 500 -- helm upgrade web ./chart --wait
  podtank during -f scenario.yaml --expect 'failed == 0 after command' -- ./deploy.sh

It ends when the command and the rollout are done and no request has failed for --steady-after.
What the command changed stays as it is: podtank changes nothing itself.

Exit codes: 16 when the command itself fails; else as podtank run`

/** `podtank during -- COMMAND`. */
export function duringCommand(host: Host, end: (exitCode: number) => void): Command {
  const target = new Command('during')
    .description(
      'load and watch while a command of your own changes the cluster: what would users have seen?',
    )
    .argument('<command...>', 'what changes the cluster, after --')
    .optionsGroup('Target:')
    .option(
      '-w, --workload <kind/name>',
      'whose pods are watched: deployment/web, statefulset/db, ds/agent',
    )
    .option(
      '--through <place>',
      'where the load goes: service/NAME, ingress/NAME, gateway/NAME, httproute/NAME or http://…',
    )
    .option('--path <path>', 'to ask for; default /')
    .option(
      '-f, --file <file>',
      'a scenario file for all this; its steps are left out, flags go before it',
    )
  const times = addGuardFlags(addClusterFlags(target))
    .optionsGroup('How long:')
    .option('--steady-before <time>', 'of load before the command begins', '5s')
    .option('--steady-after <time>', 'without a failed request, and it is over', '10s')
    .option('--limit <time>', 'of the whole', '30m')
    .optionsGroup('How much:')
    .option(
      '-s, --schedule <words>',
      'requests per second, open loop: 500, or line(1,500,30s); its last rate goes on; default 100',
    )
    .option(
      '-u, --users <words>',
      'closed loop instead: 50, or ramp(50,10s); the last number goes on',
    )
  return addLoadFlags(times)
    .addHelpText('after', EXAMPLES)
    .action(async (command: readonly string[], flags: Flags) =>
      end(await during(host, command, flags)),
    )
}

async function during(host: Host, command: readonly string[], flags: Flags): Promise<number> {
  const task = duringScenario(command, flags, host)
  if (!task.ok) return report(host, task.error, EXIT.usage)
  const { scenario, ignored } = task.value
  const files = await checkLoadFiles(scenario.load)
  if (files.length > 0) return report(host, files, EXIT.usage)
  if (ignored.length > 0) say(host, `not used here: ${ignored.join(', ')}`)
  // The Kubernetes client takes half a second and 80 MB; no other command should wait for it.
  const { executeRun } = await import('../execute-run.ts')
  const executed = await executeRun({
    host,
    scenario,
    connect: connectOptionsOf(flags),
    allowed: allowancesOf(flags),
    isCommandTyped: true,
    directory:
      flags.out === undefined ? runDirectory(host, scenario.name) : resolve(host.cwd, flags.out),
    announce(prepared, environment) {
      sayTarget(host, prepared, environment)
      say(host, `command    ${command.join(' ')}`)
      say(host)
    },
    openView: (stop) => openView(host, { wantsLive: flags.live, stop }),
  })
  if (!executed.ok) return report(host, [executed.error], exitCodeOfProblem(executed.error))
  return conclude(host, executed.value, flags.output)
}
