import { randomBytes } from 'node:crypto'
import { Command, InvalidArgumentError, Option } from 'commander'
import { parseDurationUs } from '../../base/units.ts'
import type { RestoredNamespace } from '../../cluster/restore/restore-namespace.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import { addClusterFlags, type ClusterFlags, connectOptionsOf } from '../cluster-flags.ts'
import { exitCodeOfProblem } from '../exit-code-of-problem.ts'
import { type Host, print, say } from '../host.ts'
import { report } from '../report.ts'
import { stopControl } from '../stop-control.ts'

interface Flags extends ClusterFlags {
  readonly run?: string
  readonly dryRun: boolean
  readonly force: boolean
  readonly keep: boolean
  readonly wait?: number
  readonly output: 'text' | 'json'
}

const EXAMPLES = `
Examples:
  podtank restore                        what dead runs left in the context's namespace
  podtank restore --dry-run -n shop      only show it
  podtank restore --run 5f3a9c1e --force put the original back over somebody else's change

Exit codes: 0 nothing is left, 12 something is`

/** `podtank restore`. */
export function restoreCommand(host: Host, end: (exitCode: number) => void): Command {
  const command = new Command('restore').description(
    'put back what an interrupted run left in a cluster, from any machine',
  )
  return addClusterFlags(command)
    .optionsGroup('What:')
    .option('--run <id>', 'only what this run left')
    .option('--dry-run', 'change nothing; the server checks what would be written', false)
    .addOption(
      new Option('--force', 'put the original back where somebody else has changed it since')
        .default(false)
        .conflicts('keep'),
    )
    .option('--keep', 'leave what somebody else has changed, and forget the original', false)
    .option(
      '--wait <duration>',
      'how long a run must be silent to be taken for dead; default: as long as its lock says, 10s',
      readWait,
    )
    .addOption(
      new Option('-o, --output <form>', 'what stdout gets')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => end(await restore(host, flags)))
}

function readWait(text: string): number {
  const durationUs = text === '0' ? 0 : parseDurationUs(text)
  if (durationUs === undefined) throw new InvalidArgumentError('a duration such as 10s')
  return durationUs / 1_000
}

async function restore(host: Host, flags: Flags): Promise<number> {
  // The Kubernetes client takes half a second and 80 MB; no other command should wait for it.
  const { connect } = await import('../../cluster/connect.ts')
  const { restoreNamespace } = await import('../../cluster/restore/restore-namespace.ts')
  const connection = await connect(connectOptionsOf(flags))
  if (!connection.ok) return report(host, [connection.error], exitCodeOfProblem(connection.error))
  const { client, contextName } = connection.value
  const namespace = flags.namespace ?? connection.value.namespace
  say(host, `context    ${contextName}, namespace ${namespace}`)
  const stopping = stopControl(host)
  const startedMs = performance.now()
  const restored = await restoreNamespace({
    client,
    namespace,
    ...(flags.run !== undefined && { run: flags.run }),
    by: `restore-${randomBytes(4).toString('hex')}`,
    foreign: flags.force ? 'overwrite' : flags.keep ? 'keep' : 'leave',
    isDryRun: flags.dryRun,
    tryForMs: 120_000,
    ...(flags.wait !== undefined && { silenceMs: flags.wait }),
    signal: stopping.stop.signal,
    onWaiting: ({ run, durationSeconds }) =>
      say(host, `looking whether the run ${run} is alive, for up to ${durationSeconds} s`),
  })
  stopping.close()
  if (restored.ok && isNothing(restored.value)) {
    const { checkNamespace } = await import('../../cluster/restore/check-namespace.ts')
    const there = await checkNamespace(client, namespace)
    if (!there.ok) return report(host, [there.error], exitCodeOfProblem(there.error))
  }
  if (!restored.ok) return report(host, [restored.error], exitCodeOfProblem(restored.error))
  const { restoredText, isAllClean } = await import('../restored-text.ts')
  const tookMs = Math.round(performance.now() - startedMs)
  if (flags.output === 'json') print(host, jsonOf(restored.value, namespace, flags.dryRun, tookMs))
  else print(host, restoredText(restored.value, { isDryRun: flags.dryRun, tookMs }))
  if (flags.dryRun) return EXIT.passed
  return isAllClean(restored.value) ? EXIT.passed : EXIT.notRestored
}

const isNothing = ({ leftovers, alive, loose }: RestoredNamespace): boolean =>
  leftovers.length + alive.length + loose.length === 0

const jsonOf = (
  { leftovers, alive, loose }: RestoredNamespace,
  namespace: string,
  isDryRun: boolean,
  tookMs: number,
): string =>
  JSON.stringify(
    {
      namespace,
      isDryRun,
      tookMs,
      runs: leftovers,
      alive: alive.map(({ run, objects }) => ({ run, objects })),
      loose,
    },
    null,
    2,
  )
