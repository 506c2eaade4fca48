import type { ClusterWaiter } from '../cluster/wait-for-state.ts'
import { textOfRef } from '../cluster/restore/object-ref.ts'
import type { ChangeSession } from '../cluster/restore/open-session.ts'
import { outcomeText } from '../cluster/restore/outcome-text.ts'
import { isPutBack, type RestoredObject } from '../cluster/restore/restore-object.ts'
import type { Entry } from '../recording/entry.ts'

export interface RestoreOptions {
  readonly session: ChangeSession
  /** The last step that changed an object, by {@link textOfRef}. */
  readonly changedBy: ReadonlyMap<string, ChangingStep>
  readonly waiter: ClusterWaiter
  readonly nowUs: () => number
  readonly append: (entry: Entry) => void
  /** Aborts the waiting for the restored state, never the putting back itself. */
  readonly hurry: AbortSignal
}

/** Which step it was. */
export interface ChangingStep {
  readonly index: number
  readonly label: string
}

const READY_WITHIN_MS = 120_000

/**
 * Puts back what the steps changed, the last object first, waits until the workload is ready again, and releases the
 * lock. Gives a sentence for each object that could not be put back.
 */
export async function restore(options: RestoreOptions): Promise<string[]> {
  const { session, waiter, hurry } = options
  const startedUs = options.nowUs()
  const notRestored: string[] = []
  const objects = session.touched.toReversed()
  waiter.expectChange()
  for (const ref of objects) {
    const tell = teller(options, options.changedBy.get(textOfRef(ref)))
    tell('restoring')
    const outcome = await session.restore(ref)
    const text = outcomeText(ref, outcome) + adviceFor(outcome, session)
    if (isPutBack(outcome)) tell('restored', text)
    else {
      tell('not-restored', text)
      notRestored.push(text)
    }
  }
  const released = await session.close()
  if (!released.ok) notRestored.push(released.error.message)
  if (objects.length > 0 && notRestored.length === 0) {
    const ready = await waiter.waitFor('ready', READY_WITHIN_MS, hurry)
    if (ready.ok) {
      const tookMs = Math.round((options.nowUs() - startedUs) / 1_000)
      options.append({
        kind: 'harness',
        atUs: options.nowUs(),
        type: 'restored',
        message: `everything is as it was before the run, and ready, after ${tookMs} ms`,
      })
    } else {
      const { message, hint = '' } = ready.error
      notRestored.push(`the original values are back, but: ${message}; ${hint}`)
    }
  }
  return notRestored
}

/** What failed may go better later; for a conflict the outcome itself says what can be done. */
const adviceFor = ({ type }: RestoredObject, { run }: ChangeSession): string =>
  type === 'failed' ? `. To try again, from any machine: podtank restore --run ${run}` : ''

function teller({ append, nowUs }: RestoreOptions, step: ChangingStep | undefined) {
  return (state: 'restoring' | 'restored' | 'not-restored', detail?: string) =>
    append({
      kind: 'step',
      atUs: nowUs(),
      index: step?.index ?? 0,
      label: step?.label ?? 'restore',
      disruptive: true,
      state,
      ...(detail !== undefined && { detail }),
    })
}
