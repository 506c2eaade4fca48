import { relative, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { readRecording } from '../../recording/read-recording.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import { concludeWatch } from '../conclude-watch.ts'
import { conclude } from '../conclude.ts'
import { exitCodeOfProblem } from '../exit-code-of-problem.ts'
import type { Host } from '../host.ts'
import { say } from '../host.ts'
import { report } from '../report.ts'
import { writeOutputs } from '../write-outputs.ts'

/** `podtank report DIR`. */
export function reportCommand(host: Host, end: (exitCode: number) => void): Command {
  return new Command('report')
    .description('make every output of a run again, from its recording')
    .argument('<directory>', 'of a run, such as reports/demo-…')
    .addOption(
      new Option('-o, --output <form>', 'what stdout gets')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(async (directory: string, { output }: { output: 'text' | 'json' }) => {
      const path = resolve(host.cwd, directory)
      const recording = await readRecording(path)
      if (!recording.ok) {
        end(report(host, [recording.error], EXIT.usage))
        return
      }
      if (!recording.value.end) {
        say(
          host,
          `${relative(host.cwd, path)}: the run was cut short; this is what was recorded until then`,
        )
      }
      if (recording.value.plan.podsOnly) {
        const code = concludeWatch(host, recording.value, { output, directory: path })
        end(code.ok ? code.value : report(host, [code.error], exitCodeOfProblem(code.error)))
        return
      }
      const result = writeOutputs(recording.value, path)
      if (!result.ok) {
        end(report(host, [result.error], exitCodeOfProblem(result.error)))
        return
      }
      end(conclude(host, { result: result.value, directory: path }, output))
    })
}
