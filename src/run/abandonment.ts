import type { ChangeSession } from '../cluster/restore/open-session.ts'
import type { EndEntry, Entry } from '../recording/entry.ts'
import type { RunOptions } from './run-options.ts'

/** A run that its person will not wait for any more. */
export interface Abandonment {
  /** Resolves at the signal, and only then; says who puts back now. */
  readonly end: Promise<EndEntry>
  /** The run's own, until the signal: what still runs has nothing to say after the end. */
  readonly append: (entry: Entry) => void
}

/** Turns {@link RunOptions.abandon} into an end of the run. */
export function abandonment(
  { abandon, append, clock, prepared, guardian }: RunOptions,
  session: Pick<ChangeSession, 'run' | 'touched'>,
): Abandonment {
  const { namespace } = prepared.workload
  const { contextName } = prepared.connection
  const command = `podtank restore --run ${session.run} --context ${contextName} -n ${namespace}`
  const who = guardian ? 'the guardian process goes on (guardian.log); or ' : ''
  const end = new Promise<EndEntry>((resolve) => {
    abandon?.addEventListener('abort', () => {
      resolve({
        kind: 'end',
        atUs: clock.nowUs(),
        reason: 'interrupted',
        signal: String(abandon.reason),
        notRestored:
          session.touched.length === 0
            ? []
            : [`left at the third signal: ${who}from anywhere: ${command}`],
      })
    })
  })
  return {
    end,
    append: (entry) => {
      if (abandon?.aborted !== true) append(entry)
    },
  }
}
