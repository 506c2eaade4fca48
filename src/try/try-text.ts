import { sanitize } from '../base/sanitize.ts'
import { processDepth } from './process-depth.ts'
import { shortCommand } from './short-command.ts'
import type { TryResult } from './try-result.ts'

const SYMBOLS = { good: '✓', advice: '·', bad: '✗', unknown: '?' } as const
const COLUMNS = 80

/** What a terminal shows of a try, at most 80 columns wide. */
export function tryText(result: TryResult): string {
  return [
    result.verdict.outcome.toUpperCase().replace('-', ' '),
    ...wrap(result.verdict.sentence, ''),
    '',
    ...processLines(result),
    '',
    ...result.findings.flatMap(({ state, about, text }) =>
      wrap(`${SYMBOLS[state]} ${about.padEnd(10)}${sanitize(text, 1_000)}`, ' '.repeat(12)),
    ),
    '',
    ...loadLines(result),
    ...adviceLines(result),
    ...result.limits.flatMap((limit) => wrap(`not shown  ${limit}`, ' '.repeat(11))),
  ].join('\n')
}

function processLines({ processes, start }: TryResult): string[] {
  return [
    `open after ${start.opensAfterSeconds.toFixed(1)} s; its processes:`,
    ...processes.map((process) => {
      const tree = '  '.repeat(processDepth(process, processes))
      const command = sanitize(shortCommand(process.command))
      return `  ${tree}${process.containerPid} ${command}${process.listens ? '  (listens)' : ''}`
    }),
  ]
}

function loadLines({ load, notRun }: TryResult): string[] {
  if (notRun !== undefined) return [...wrap(`no load: ${notRun}`, '  '), '']
  if (load.length === 0) return []
  return [
    'under load, scaled and restarted without preStop:',
    ...load.map(
      ({ through, sent, failed, mainCause, p99Seconds, outcome }) =>
        `  ${through.padEnd(8)} ${failed} of ${sent} failed${p99Seconds === undefined ? '' : `, p99 ${p99Seconds.toFixed(1)} s`}${mainCause === undefined ? '' : `, ${mainCause}`}${outcome === 'inconclusive' ? ' (inconclusive)' : ''}`,
    ),
    '',
  ]
}

function adviceLines({ advice, yaml }: TryResult): string[] {
  if (yaml === undefined) {
    const text =
      'A preStop helps only when the server ends by itself at the signal: mend that first, then try again.'
    return [...wrap(text, ''), '']
  }
  return [
    'behind                  forgets a pod within   preStop     grace',
    ...advice.map(
      (row) =>
        `  ${row.behind.padEnd(21)} ${`${row.propagationSeconds} s`.padStart(18)} ${`${row.preStopSeconds} s`.padStart(11)} ${`${row.graceSeconds} s`.padStart(9)}`,
    ),
    '',
    ...yaml.trimEnd().split('\n'),
    '',
  ]
}

function wrap(text: string, indent: string): string[] {
  const lines: string[] = []
  let line = text
  while (line.length > COLUMNS) {
    const blank = line.lastIndexOf(' ', COLUMNS)
    if (blank <= indent.length) break
    lines.push(line.slice(0, blank))
    line = indent + line.slice(blank + 1)
  }
  return [...lines, line]
}
