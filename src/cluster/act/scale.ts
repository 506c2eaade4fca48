import { fail, succeed } from '../../base/result.ts'
import { valueAt } from '../restore/json-pointer.ts'
import type { Action } from './step-effect.ts'
import { refOf } from './workload-object.ts'

const REPLICAS = '/spec/replicas'

/** `kubectl scale`'s merge PATCH, on the object itself: there alone the original can go along in the same write. */
export const scale =
  (replicas: number): Action =>
  async ({ session, workload }) => {
    if (workload.ref.kind === 'daemonset') {
      return fail({
        code: 'no-replicas',
        message: 'a DaemonSet has no replicas to scale',
        hint: 'it runs one pod on each node that fits; use restart, delete pods or evict',
      })
    }
    const done = await session.change(refOf(workload), `scaling to ${replicas}`, () =>
      succeed({ patch: { type: 'merge', body: { spec: { replicas } } }, fields: [REPLICAS] }),
    )
    if (!done.ok) return done
    const before = Number(valueAt(done.value.before, REPLICAS) ?? 1)
    return succeed({ detail: `${before} → ${replicas} replicas` })
  }
