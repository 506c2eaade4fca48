import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { US_PER_SECOND } from '../../base/units.ts'
import type {
  ClusterScenario,
  Expectation,
  LoadSpec,
  SchedulePart,
  Step,
  StepAction,
} from '../../scenario/scenario.ts'
import type { Host } from '../host.ts'
import { loadScenario } from '../load-scenario.ts'
import type { LoadFlags } from './load-flags.ts'
import { loadSpecOf } from './load-spec-of.ts'
import { FlagReader } from './read-flags.ts'
import { DEFAULT_LOAD, NO_FAILURE } from './scenario-of.ts'
import { targetOf } from './target-of.ts'

/** What was typed between `podtank during` and `--`. */
export interface DuringFlags extends LoadFlags {
  readonly workload?: string
  readonly through?: string
  readonly path?: string
  readonly steadyBefore: string
  readonly steadyAfter: string
  readonly limit: string
}

/** What `podtank during` is to do. */
export interface DuringTask {
  readonly scenario: ClusterScenario
  /** Parts of the file that are not used. */
  readonly ignored: readonly string[]
}

const DEFAULT_RATE: readonly SchedulePart[] = [
  { word: 'const', ratePerSecond: 100, durationUs: US_PER_SECOND },
]

/**
 * Makes a scenario of the flags and the file: some steady time, the command, until the rollout is done, until traffic
 * is steady again. The load's last rate, or number of users, goes on until then. Gives every problem at once.
 */
export function duringScenario(
  command: readonly string[],
  flags: DuringFlags,
  host: Host,
): Result<DuringTask, readonly Problem[]> {
  const file = flags.file === undefined ? undefined : loadScenario(host, flags.file)
  if (file && !file.ok) return file
  const from = file?.value
  const reader = new FlagReader()
  const changed = targetOf(flags, from?.changed)
  const base = from?.load ?? { ...DEFAULT_LOAD, schedule: DEFAULT_RATE }
  const load = loadSpecOf({ base, flags, cwd: host.cwd, reader, path: flags.path ?? '/' })
  const limitUs = reader.duration('--limit', flags.limit) ?? 0
  const steps = stepsOf(command, {
    beforeUs: reader.duration('--steady-before', flags.steadyBefore) ?? 0,
    afterUs: reader.duration('--steady-after', flags.steadyAfter) ?? 0,
    limitUs,
  })
  const expectations = reader.expectations(flags.expect)
  const stopCriteria = reader.stopCriteria(flags.stop)
  if (!changed.ok) return fail([...changed.error, ...reader.problems])
  if (reader.problems.length > 0) return fail(reader.problems)
  const kept = from ? from.expectations.filter(isOfAnyRun) : [NO_FAILURE]
  const dropped = from?.expectations.filter((one) => !isOfAnyRun(one)) ?? []
  return succeed({
    ignored: from
      ? ['steps', ...dropped.map(({ text }) => `expect ${text}`), ...(from.lab ? ['lab'] : [])]
      : [],
    scenario: {
      name: flags.name ?? from?.name ?? `during-${command[0]?.replace(/^.*\//, '') ?? ''}`,
      ...(from?.about !== undefined && { about: from.about }),
      changed: changed.value,
      load: { ...goingOn(load, limitUs), endsWithSteps: true },
      steps,
      expectations: expectations.length > 0 ? expectations : kept,
      stopCriteria: stopCriteria.length > 0 ? stopCriteria : (from?.stopCriteria ?? []),
      manifests: [],
    },
  })
}

/** The file's own steps are left out, and so is what is expected after one of them. */
const isOfAnyRun = ({ scope }: Expectation): boolean => scope?.when !== 'after'

/** Waits for the state, and for the traffic, end with the limit of the whole at the latest. */
function stepsOf(
  command: readonly string[],
  times: { readonly beforeUs: number; readonly afterUs: number; readonly limitUs: number },
): readonly Step[] {
  const step = (action: StepAction, label: string): Step => ({ ...action, label, line: 0 })
  const { beforeUs, afterUs, limitUs } = times
  return [
    step({ type: 'wait', durationUs: beforeUs }, 'wait'),
    step({ type: 'exec', command, goesOnAfterFailure: true }, `command ${command.join(' ')}`),
    step({ type: 'wait-until', state: 'settled', timeoutUs: limitUs }, 'wait settled'),
    step({ type: 'wait-steady', durationUs: afterUs, timeoutUs: limitUs }, 'wait steady'),
  ]
}

/** The same load, which then goes on as it ended. */
function goingOn(load: LoadSpec, limitUs: number): LoadSpec {
  const { schedule, users } = load
  const lastUsers = users?.at(-1)?.toUsers
  if (users && lastUsers !== undefined) {
    const goesOn = { fromUsers: lastUsers, toUsers: lastUsers, durationUs: limitUs }
    return { ...load, users: [...users, goesOn] }
  }
  const last = schedule.at(-1)
  const ratePerSecond = last?.word === 'line' ? last.toPerSecond : rateOf(last)
  return { ...load, schedule: [...schedule, { word: 'const', ratePerSecond, durationUs: limitUs }] }
}

const rateOf = (part: SchedulePart | undefined): number =>
  part?.word === 'const' ? part.ratePerSecond : 0
