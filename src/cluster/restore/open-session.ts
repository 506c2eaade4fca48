import type { Problem } from '../../base/problem.ts'
import { type Result, succeed } from '../../base/result.ts'
import type { WorkloadRef } from '../../scenario/scenario.ts'
import type { ApiClient } from '../api-client.ts'
import type { ConnectOptions } from '../connect.ts'
import { bringBack } from './bring-back.ts'
import { type ChangedObject, changeObject, type ObjectChange } from './change-object.ts'
import { cleanCopies } from './clean-copies.ts'
import { type HeldLease, holdLease } from './hold-lease.ts'
import { inTurn } from './in-turn.ts'
import { leaseName } from './lease-object.ts'
import { type ObjectRef, textOfRef } from './object-ref.ts'
import type { ApiObject } from './restore-record.ts'
import { type RestoredObject, restoreObject } from './restore-object.ts'
import { isPutBack } from './restore-leftover.ts'
import { deleteSaved } from './delete-saved.ts'
import { type Guardian, startGuardian } from './start-guardian.ts'

/** Through it a run changes the cluster: everything that it changes can be put back by it, or by any other process. */
export interface ChangeSession {
  readonly run: string
  /** Absent: there is none. */
  readonly guardianPid?: number
  /** Changes an object; what it was goes along in the same PATCH. */
  change(
    ref: ObjectRef,
    doing: string,
    make: (object: ApiObject) => Result<ObjectChange, Problem>,
  ): Promise<Result<ChangedObject, Problem>>
  /** Deletes the workload, after its manifest was saved in the cluster. */
  deleteWorkload(): Promise<Result<void, Problem>>
  /** What may have been changed so far, in order. */
  readonly touched: readonly ObjectRef[]
  /** Puts one object back; may be called again. */
  restore(ref: ObjectRef): Promise<RestoredObject>
  /** Releases the lock and dismisses the guardian; what is not put back keeps its lock. */
  close(): Promise<Result<void, Problem>>
}

export interface SessionOptions {
  readonly client: ApiClient
  readonly namespace: string
  readonly workload: WorkloadRef
  readonly run: string
  readonly leaseSeconds?: number
  /** Present: a guardian process is started, which connects so. */
  readonly guardian?: { readonly connect: ConnectOptions; readonly logPath?: string }
  /** The lock or the guardian was lost: nothing more may be changed. */
  readonly onLost: (problem: Problem) => void
  /** How long a refused or lost call is tried again. */
  readonly tryForMs?: number
}

const TRY_FOR_MS = 30_000

/** Takes the lock, then starts the guardian: both before the first change. Problems: `lock-lost`, `guardian-failed`, the API's. */
export async function openSession(
  options: SessionOptions,
): Promise<Result<ChangeSession, Problem>> {
  const lease = await holdLease({
    ...options,
    ...(options.leaseSeconds !== undefined && { durationSeconds: options.leaseSeconds }),
  })
  if (!lease.ok) return lease
  const guardian = await openGuardian(options)
  if (!guardian.ok) {
    await lease.value.release(true)
    return guardian
  }
  return succeed(session(options, lease.value, guardian.value))
}

async function openGuardian({
  guardian,
  namespace,
  workload,
  run,
  onLost,
}: SessionOptions): Promise<Result<Guardian | undefined, Problem>> {
  if (!guardian) return succeed(undefined)
  return startGuardian({ ...guardian, namespace, leaseName: leaseName(workload), run }, onLost)
}

function session(
  options: SessionOptions,
  lease: HeldLease,
  guardian: Guardian | undefined,
): ChangeSession {
  const { client, namespace, workload, run, tryForMs = TRY_FOR_MS } = options
  const target: ObjectRef = { ...workload, namespace }
  const touched = new Map<string, ObjectRef>()
  // What one step has sent must be certain before another changes the same object, or a read back could take the one
  // for the other; and the list of objects grows by one at a time.
  const turn = inTurn()
  const left = new Set<string>()

  const touch = (ref: ObjectRef) => turn('lock', () => note(ref))
  const note = async (ref: ObjectRef): Promise<Result<void, Problem>> => {
    const isKnown = lease.current().objects.some((one) => textOfRef(one) === textOfRef(ref))
    if (!isKnown) {
      const told = await lease.change({ objects: [...lease.current().objects, ref] })
      if (!told.ok) return told
    }
    touched.set(textOfRef(ref), ref)
    return succeed(undefined)
  }

  return {
    run,
    ...(guardian && { guardianPid: guardian.pid }),
    get touched() {
      return [...touched.values()]
    },
    change: (ref, doing, make) =>
      turn(textOfRef(ref), async () => {
        const told = await touch(ref)
        if (!told.ok) return told
        return changeObject({ client, ref, run, doing, make, confirm: lease.confirm, tryForMs })
      }),
    deleteWorkload: () =>
      turn(textOfRef(target), async () => {
        const told = await touch(target)
        if (!told.ok) return told
        return deleteSaved(client, lease, target, run)
      }),
    async restore(ref) {
      if (ref.kind !== 'node') {
        const back = await bringBack(client, lease.current(), false)
        if (!back.ok) {
          left.add(textOfRef(ref))
          return { type: 'failed', problem: back.error }
        }
      }
      const outcome = await restoreObject({
        client,
        ref,
        run,
        foreign: 'leave',
        by: run,
        // Each outcome of ours is known: an unknown one was fenced when it was read back.
        needsFence: false,
        tryForMs,
      })
      if (isPutBack(outcome)) left.delete(textOfRef(ref))
      else left.add(textOfRef(ref))
      await cleanCopies(client, ref)
      return outcome
    },
    async close() {
      const released = await lease.release(left.size === 0)
      await guardian?.dismiss()
      return released
    },
  }
}
