import { random } from '../../src/base/random.ts'
import { machineLine, print, table } from '../bench/measure.ts'
import { type GateCase, gateCases } from './gate-case.ts'
import { type GateRun, isFlagged, runCase, truthOf, TRUTHS } from './run-case.ts'

/**
 * Proves the validity gate: a hundred seeded short runs with and without a disturbance of the generator, held against
 * what the server saw. `node test/gate/gate.ts [seed] [kind of disturbance]`; the table is for docs/validity.md.
 */
interface Proved {
  readonly gateCase: GateCase
  readonly run: GateRun
}

const seed = Number(process.argv[2] ?? 1)
const only = process.argv[3]
const cases = gateCases(random(seed)).filter(
  ({ disturbance }) => only === undefined || disturbance.kind === only,
)

/** Signals whose figures are worth a look. */
const SHOWN = [
  'send lag p99',
  'late sends',
  'event-loop delay p99',
  'event loop away',
  'CPU pressure',
]

print(machineLine())
const proved: Proved[] = []
for (const gateCase of cases) {
  const run = await runCase(gateCase, { isolated: true })
  proved.push({ gateCase, run })
  print(lineOf({ gateCase, run }))
}
print(machineLine())
print(
  table(
    ['disturbance', 'runs', ...TRUTHS, ...TRUTHS.map((truth) => `flagged: ${truth}`)],
    rows(proved),
  ),
)
const clean = proved.filter(
  ({ gateCase, run }) => gateCase.disturbance.kind === 'none' && truthOf(run) === 'fine',
)
const invalid = proved.filter(
  ({ gateCase, run }) => gateCase.disturbance.kind !== 'none' && truthOf(run) === 'invalid',
)
print(`clean and fine: ${flagged(clean)} of ${clean.length} flagged`)
print(`disturbed and invalid: ${flagged(invalid)} of ${invalid.length} flagged`)

function lineOf({ gateCase, run }: Proved): string {
  const { disturbance, load, serviceMs } = gateCase
  return [
    `${isFlagged(run) ? 'FLAGGED' : 'passed '} ${truthOf(run).padEnd(9)}`,
    `own p99 ${(run.ownP99Us / 1_000).toFixed(1)} ms, missing ${(run.missingShare * 100).toFixed(2)} %`,
    `${JSON.stringify(disturbance)} ${load.join(' ')} service ${serviceMs} ms`,
    `refused by: ${run.refusedBy.join(', ') || (run.outcome ?? run.stderr.trim())}`,
    SHOWN.map((name) => `${name} ${run.observed[name] ?? '–'}`).join(', '),
  ].join(' | ')
}

function rows(all: readonly Proved[]): string[][] {
  const kinds = Map.groupBy(all, ({ gateCase }) => gateCase.disturbance.kind)
  const row = (name: string, some: readonly Proved[]) => {
    const by = Map.groupBy(some, ({ run }) => truthOf(run))
    const parts = TRUTHS.map((truth) => by.get(truth) ?? [])
    return [name, some.length, ...parts.map((part) => part.length), ...parts.map(flagged)].map(
      String,
    )
  }
  return [...[...kinds].map(([kind, some]) => row(kind, some)), row('all', all)]
}

function flagged(some: readonly Proved[]): number {
  return some.filter(({ run }) => isFlagged(run)).length
}
