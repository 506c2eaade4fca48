import { succeed } from '../../base/result.ts'
import type { Action } from './step-effect.ts'

/** `kubectl delete deployment/web`: its pods go with it; the way back is to create it again from what was saved before. */
export const deleteWorkload =
  (): Action =>
  async ({ session, workload }) => {
    const done = await session.deleteWorkload()
    return done.ok ? succeed({ detail: `deleted ${workload.ref.kind}/${workload.ref.name}` }) : done
  }
