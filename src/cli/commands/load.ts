import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { humanCount, humanUs } from '../../base/units.ts'
import { checkLoadFiles } from '../../load/source/check-load-files.ts'
import { plannedLoad } from '../../run/planned-load.ts'
import type { PreparedLoad } from '../../run/prepare-load.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import { conclude } from '../conclude.ts'
import { executeLoad } from '../execute-load.ts'
import { exitCodeOfProblem } from '../exit-code-of-problem.ts'
import { type Host, say } from '../host.ts'
import { flagProblem } from '../load/flag-problem.ts'
import { addAmountFlags, addLoadFlags, type LoadFlags } from '../load/load-flags.ts'
import { type LoadTask, scenarioOf } from '../load/scenario-of.ts'
import { openView } from '../open-view.ts'
import { report } from '../report.ts'
import { runDirectory } from '../run-directory.ts'

const EXAMPLES = `
Examples:
  podtank load http://127.0.0.1:8080/                            100 requests/s for 10 s
  podtank load http://127.0.0.1:8080/ -s 'line(1,5000,10s) const(5000,30s)'
  podtank load http://127.0.0.1:8080/ -u 50 --duration 30s       50 users, closed loop
  podtank load https://shop.test/pay -d '{"sum":1}' -H 'Content-Type: application/json'
  podtank load http://127.0.0.1:8080/ --expect 'p99<50ms' --stop 'http(5xx,10%,10s)'
  podtank load -f load.yaml -o json > result.json`

/** `podtank load URL`. */
export const loadCommand = (host: Host, end: (exitCode: number) => void): Command =>
  addLoadFlags(
    addAmountFlags(
      new Command('load')
        .description('send load alone, without a cluster: every request is accounted for')
        .argument('[url]', 'http://… or https://…, with the path to ask for'),
    ),
  )
    .optionsGroup('Generator:')
    .option('--no-probe', 'start even when nothing can be connected to')
    .optionsGroup('Output:')
    .addOption(
      new Option('--requests <form>', 'write every request too').choices(['phout', 'ndjson']),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (url: string | undefined, flags: LoadFlags) => end(await load(host, url, flags)))

async function load(host: Host, url: string | undefined, flags: LoadFlags): Promise<number> {
  const task = scenarioOf(url, flags, host.cwd)
  if (!task.ok) return report(host, task.error, EXIT.usage)
  const { scenario, ignored } = task.value
  if (!/^[\w][\w.-]{0,59}$/.test(scenario.name)) {
    const message = 'a name is up to 60 letters, digits, - and .'
    return report(host, [flagProblem('--name', scenario.name, message)], EXIT.usage)
  }
  if (plannedLoad(scenario.load).plannedRequests === 0) {
    say(host, 'error: this load has no request: its rate is 0 all the time')
    return EXIT.usage
  }
  const files = await checkLoadFiles(scenario.load)
  if (files.length > 0) return report(host, files, EXIT.usage)
  if (ignored.length > 0) say(host, `not used here: ${ignored.join(', ')}`)
  const executed = await executeLoad({
    host,
    task: task.value,
    probes: flags.probe,
    directory:
      flags.out === undefined ? runDirectory(host, scenario.name) : resolve(host.cwd, flags.out),
    ...(flags.requests && { requestLog: flags.requests }),
    announce: (prepared) => announce(host, task.value, prepared),
    openView: (stop) => openView(host, { wantsLive: flags.live, stop }),
  })
  if (!executed.ok) return report(host, [executed.error], exitCodeOfProblem(executed.error))
  return conclude(host, executed.value, flags.output)
}

/** Says where the load goes and how much of it, before the first request. */
function announce(
  host: Host,
  { url }: LoadTask,
  { scenario, address, ...more }: PreparedLoad,
): void {
  const { plannedRequests, plannedDurationUs } = plannedLoad(scenario.load)
  const count = plannedRequests === undefined ? '' : `${humanCount(plannedRequests)} requests in `
  const others = more.otherAddresses.length
  say(host, `target     ${url}`)
  say(
    host,
    `address    ${address.host}:${address.port}${others === 0 ? '' : `, the first of ${others + 1}; the others get nothing`}`,
  )
  say(host, `load       ${count}${humanUs(plannedDurationUs)}`)
  for (const warning of more.warnings) say(host, `warning    ${warning.message}`)
  say(host)
}
