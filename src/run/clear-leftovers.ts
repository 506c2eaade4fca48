import { randomBytes } from 'node:crypto'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { ClusterConnection } from '../cluster/connect.ts'
import { leaseName } from '../cluster/restore/lease-object.ts'
import { textOfRef } from '../cluster/restore/object-ref.ts'
import { outcomeText } from '../cluster/restore/outcome-text.ts'
import { restoreNamespace } from '../cluster/restore/restore-namespace.ts'
import type { WorkloadRef } from '../scenario/scenario.ts'

const TRY_FOR_MS = 30_000

/**
 * Puts back what an earlier run on the namespace has left, before anything is measured. Problems: `target-locked` when
 * another run is at work on the same workload, `not-restored` when the workload is not as it was before that run.
 */
export async function clearLeftovers(options: {
  readonly connection: ClusterConnection
  readonly namespace: string
  readonly workload: WorkloadRef
  /** Only tells what would be put back. */
  readonly isDryRun?: boolean
  readonly signal: AbortSignal
  readonly tell: (text: string) => void
}): Promise<Result<void, Problem>> {
  const { connection, namespace, workload, isDryRun = false, signal, tell } = options
  const restored = await restoreNamespace({
    client: connection.client,
    namespace,
    by: `run-${randomBytes(4).toString('hex')}`,
    foreign: 'leave',
    isDryRun,
    kinds: [workload.kind],
    tryForMs: TRY_FOR_MS,
    signal,
    onWaiting: ({ run, durationSeconds }) =>
      tell(
        `the run ${run} has left its lock; looking for ${durationSeconds} s whether it is alive`,
      ),
  })
  if (!restored.ok) return restored
  const { leftovers, alive, loose } = restored.value
  const notRestored: string[] = []
  for (const { run, objects, isClean, problem } of leftovers) {
    for (const { ref, outcome } of objects)
      tell(`${isDryRun ? 'first of all, ' : ''}of the run ${run}: ${outcomeText(ref, outcome)}`)
    if (isClean) continue
    const texts = objects.map(({ ref, outcome }) => outcomeText(ref, outcome))
    notRestored.push(
      `of the run ${run}: ${[...texts, problem?.message].filter(Boolean).join('; ')}`,
    )
  }
  const locked = alive.find(({ name }) => name === leaseName(workload))
  if (locked) return fail(targetLocked(workload, locked.run))
  const own = loose.find(({ ref }) => textOfRef(ref) === `${workload.kind}/${workload.name}`)
  if (own) {
    notRestored.push(
      `${textOfRef(own.ref)} has a record of the run ${own.run} whose lock is gone; podtank restore --force puts the original back, --keep drops the record`,
    )
  }
  if (notRestored.length === 0) return succeed(undefined)
  return fail({
    code: 'not-restored',
    message: `an earlier run could not be put back: ${notRestored.join('; ')}`,
    hint: 'podtank restore --dry-run shows what there is',
  })
}

const targetLocked = ({ kind, name }: WorkloadRef, run: string): Problem => ({
  code: 'target-locked',
  message: `the run ${run} is at work on ${kind}/${name}; two at once would measure each other`,
  hint: 'wait for its end',
})
