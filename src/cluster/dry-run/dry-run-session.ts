import type { Problem } from '../../base/problem.ts'
import { fail, succeed } from '../../base/result.ts'
import type { ApiClient } from '../api-client.ts'
import { type ObjectRef, textOfRef } from '../restore/object-ref.ts'
import type { ChangeSession } from '../restore/open-session.ts'
import { dryRunChange } from './dry-run-change.ts'
import { dryRunClient } from './dry-run-client.ts'
import { dryRunDelete } from './dry-run-delete.ts'
import type { DryRunStep } from './dry-run-step.ts'
import type { PlannedObject } from './planned-object.ts'

/** Changes of a run that is only tried: each is sent as a dry run, and so is what would put it back. */
export interface DryRunSession extends Pick<ChangeSession, 'change' | 'deleteWorkload'> {
  /** What was found since it was last asked. */
  take(): readonly DryRunStep[]
}

/** A session of which nothing takes effect; `run` is the id that a run would have. */
export function dryRunSession(options: {
  readonly client: ApiClient
  readonly workload: Extract<ObjectRef, { namespace: string }>
  readonly run: string
}): DryRunSession {
  const { workload, run } = options
  const client = dryRunClient(options.client)
  const planned = new Map<string, PlannedObject>()
  let found: DryRunStep[] = []
  let isDeleted = false
  return {
    take() {
      const taken = found
      found = []
      return taken
    },
    async change(ref, doing, make) {
      const key = textOfRef(ref)
      if (isDeleted && key === textOfRef(workload)) return fail(deletedProblem(workload))
      const earlier = planned.get(key)
      const done = await dryRunChange({ client, ref, run, doing, make, earlier })
      if (!done.ok) return done
      found.push(done.value.step)
      if (done.value.planned) planned.set(key, done.value.planned)
      return done
    },
    async deleteWorkload() {
      if (isDeleted) return fail(deletedProblem(workload))
      const done = await dryRunDelete(client, workload, run)
      if (!done.ok) return done
      isDeleted = true
      found.push(done.value)
      return succeed(undefined)
    },
  }
}

const deletedProblem = (ref: ObjectRef): Problem => ({
  code: 'workload-deleted',
  message: `${textOfRef(ref)} is deleted by an earlier step, and comes back only at the end`,
})
