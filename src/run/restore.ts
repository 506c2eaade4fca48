import { pause } from '../base/pause.ts'
import type { Problem } from '../base/problem.ts'
import type { Result } from '../base/result.ts'
import type { ClusterWaiter } from '../cluster/wait-for-state.ts'
import type { Entry } from '../recording/entry.ts'
import type { Undo } from './step-runner.ts'

export interface RestoreOptions {
  readonly waiter: ClusterWaiter
  readonly nowUs: () => number
  readonly append: (entry: Entry) => void
  /** Aborts the waiting for the restored state, never the putting back itself. */
  readonly hurry: AbortSignal
}

const TRY_FOR_MS = 30_000
const RETRY_MS = 500
const READY_WITHIN_MS = 120_000

/**
 * Puts back what the steps changed, the last first, and waits until the workload is ready again. A refused call is
 * tried again for 30 s. Gives a sentence for each step that could not be put back.
 */
export async function restore(undos: readonly Undo[], options: RestoreOptions): Promise<string[]> {
  const notRestored: string[] = []
  for (const undo of undos.toReversed()) {
    const tell = (state: 'restoring' | 'restored' | 'not-restored', detail?: string) =>
      options.append({
        kind: 'step',
        atUs: options.nowUs(),
        index: undo.index,
        label: undo.label,
        disruptive: true,
        state,
        ...(detail !== undefined && { detail }),
      })
    tell('restoring')
    options.waiter.expectChange()
    const done = await tryAgain(undo)
    if (done.ok) tell('restored')
    else {
      tell('not-restored', done.error.message)
      notRestored.push(`step ${undo.index + 1} (${undo.label}): ${done.error.message}`)
    }
  }
  if (undos.length > 0 && notRestored.length === 0) {
    const ready = await options.waiter.waitFor('ready', READY_WITHIN_MS, options.hurry)
    if (!ready.ok) notRestored.push(`the original values are back, but: ${ready.error.message}`)
  }
  return notRestored
}

async function tryAgain(undo: Undo): Promise<Result<void, Problem>> {
  const startedMs = performance.now()
  for (;;) {
    const done = await undo.run()
    if (done.ok || performance.now() - startedMs > TRY_FOR_MS) return done
    await pause(RETRY_MS, new AbortController().signal)
  }
}
