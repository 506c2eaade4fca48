import { succeed } from '../../base/result.ts'
import type { ChangeSession } from './open-session.ts'

/** The session of a run that changes nothing itself: no lock, no guardian, nothing to put back. */
export const watchingSession = (run: string): ChangeSession => ({
  run,
  touched: [],
  change: (ref) => Promise.reject(new Error(`${ref.kind}/${ref.name} was not to be changed`)),
  deleteWorkload: () => Promise.reject(new Error('the workload was not to be deleted')),
  restore: (ref) => Promise.reject(new Error(`${ref.kind}/${ref.name} was never changed`)),
  close: () => Promise.resolve(succeed(undefined)),
})
