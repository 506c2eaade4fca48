import type {
  ClusterEntry,
  EndEntry,
  Entry,
  FailureEntry,
  FrameEntry,
  HarnessEntry,
  HostEntry,
  MetaEntry,
  PhaseEntry,
  PlanEntry,
  StepEntry,
  StopEntry,
} from './entry.ts'

/** A run read back whole, sorted by kind; each list in the order of recording. */
export interface Recording {
  readonly meta: MetaEntry
  readonly plan: PlanEntry
  readonly frames: readonly FrameEntry[]
  readonly failures: readonly FailureEntry[]
  readonly cluster: readonly ClusterEntry[]
  readonly steps: readonly StepEntry[]
  readonly phases: readonly PhaseEntry[]
  readonly harness: readonly HarnessEntry[]
  readonly host: readonly HostEntry[]
  /** The criterion that ended the load; absent: none did. */
  readonly stop?: StopEntry
  /** Absent: the run was cut short. */
  readonly end?: EndEntry
  /** The last instant anything was recorded at. */
  readonly lastAtUs: number
}

/** Sorts entries into a {@link Recording}; undefined without a meta and a plan entry. */
export function collectRecording(entries: Iterable<Entry>): Recording | undefined {
  const frames: FrameEntry[] = []
  const failures: FailureEntry[] = []
  const cluster: ClusterEntry[] = []
  const steps: StepEntry[] = []
  const phases: PhaseEntry[] = []
  const harness: HarnessEntry[] = []
  const host: HostEntry[] = []
  let stop: StopEntry | undefined
  let meta: MetaEntry | undefined
  let plan: PlanEntry | undefined
  let end: EndEntry | undefined
  let lastAtUs = 0
  for (const entry of entries) {
    lastAtUs = Math.max(lastAtUs, entryAtUs(entry))
    if (entry.kind === 'meta') meta = entry
    else if (entry.kind === 'plan') plan = entry
    else if (entry.kind === 'frame') frames.push(entry)
    else if (entry.kind === 'failure') failures.push(entry)
    else if (entry.kind === 'cluster') cluster.push(entry)
    else if (entry.kind === 'step') steps.push(entry)
    else if (entry.kind === 'phase') phases.push(entry)
    else if (entry.kind === 'harness') harness.push(entry)
    else if (entry.kind === 'host') host.push(entry)
    else if (entry.kind === 'stop') stop ??= entry
    else end = entry
  }
  if (!meta || !plan) return undefined
  return {
    meta,
    plan,
    frames,
    failures,
    cluster,
    steps,
    phases,
    harness,
    host,
    ...(stop && { stop }),
    lastAtUs,
    ...(end && { end }),
  }
}

/** Whether a run had no cluster at all. */
export const isLoadAlone = ({ plan }: Pick<Recording, 'plan'>): boolean =>
  plan.scenario.changed === undefined && !isPodsOnly({ plan })

/** Whether pods were watched and nothing else was done. */
export const isPodsOnly = ({ plan }: Pick<Recording, 'plan'>): boolean =>
  plan.podsOnly !== undefined

/** When an entry was learnt of, µs since the run began. */
export function entryAtUs(entry: Entry): number {
  if (entry.kind === 'meta') return 0
  return entry.kind === 'failure' ? entry.endedAtUs : entry.atUs
}
