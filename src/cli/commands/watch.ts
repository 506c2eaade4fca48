import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { EXIT } from '../../verdict/exit-code.ts'
import { addClusterFlags, type ClusterFlags, connectOptionsOf } from '../cluster-flags.ts'
import { exitCodeOfProblem } from '../exit-code-of-problem.ts'
import type { Host } from '../host.ts'
import { FlagReader } from '../load/read-flags.ts'
import { readWorkload } from '../read-workload.ts'
import { report } from '../report.ts'
import { runDirectory } from '../run-directory.ts'

interface WatchFlags extends ClusterFlags {
  readonly for?: string
  readonly out?: string
  readonly output: 'text' | 'json'
  readonly live: boolean
  readonly plain?: boolean
}

const EXAMPLES = `
Examples:
  podtank watch deployment/web -n shop            live, until Ctrl-C
  podtank watch -n shop --for 10m -o json         all pods of the namespace, for a script
  podtank watch sts/db --plain | grep 'exited'    a line for each thing that happens
  podtank replay reports/watch-web-…              the same again, later

Nothing is sent to the pods and nothing is written to the cluster; get, list and watch are enough.
Of what may not be watched (all but pods) it says so and goes on. Times are arrivals here.
The directory gets the recording and report.html.

Exit codes: 0 at the end of --for, at Ctrl-C, x, or when the reader of a pipe has left; 3 as podtank run`

/** `podtank watch [TYPE/NAME]`. */
export function watchCommand(host: Host, end: (exitCode: number) => void): Command {
  const command = new Command('watch')
    .description('watch the lives of pods: no load, no change; what happens when, live')
    .argument('[type/name]', 'deployment/web, sts/db, ds/agent; default: all pods of the namespace')
  return addClusterFlags(command)
    .optionsGroup('How:')
    .option('--for <time>', 'end after so long: 90s, 10m; default: at Ctrl-C')
    .option('--out <directory>', 'of recording and report; default reports/watch-NAME-TIME-ID')
    .addOption(
      new Option('-o, --output <form>', 'what stdout gets')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--no-live', 'plain lines instead of the live view')
    .addOption(new Option('--plain', 'the same as --no-live'))
    .addHelpText('after', EXAMPLES)
    .action(async (text: string | undefined, flags: WatchFlags) =>
      end(await watch(host, text, flags)),
    )
}

async function watch(host: Host, text: string | undefined, flags: WatchFlags): Promise<number> {
  const workload = text === undefined ? undefined : readWorkload(text)
  if (workload && !workload.ok) return report(host, [workload.error], EXIT.usage)
  const reader = new FlagReader()
  const limitUs = flags.for === undefined ? undefined : reader.duration('--for', flags.for)
  if (reader.problems.length > 0) return report(host, reader.problems, EXIT.usage)
  const ref = workload?.value
  const name = `watch-${ref?.name ?? flags.namespace ?? 'pods'}`.slice(0, 60)
  // The Kubernetes client takes half a second and 80 MB; no other command should wait for it.
  const { executeWatch } = await import('../execute-watch.ts')
  const code = await executeWatch({
    host,
    connect: connectOptionsOf(flags),
    name,
    ...(ref && { ref }),
    ...(limitUs !== undefined && { limitUs }),
    directory: flags.out === undefined ? runDirectory(host, name) : resolve(host.cwd, flags.out),
    output: flags.output,
    wantsLive: flags.live && flags.plain !== true,
  })
  return code.ok ? code.value : report(host, [code.error], exitCodeOfProblem(code.error))
}
