import { pause } from '../../base/pause.ts'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { WorkloadRef } from '../../scenario/scenario.ts'
import type { ApiClient } from '../api-client.ts'
import { apiProblem } from '../api-problem.ts'
import {
  type LeaseChange,
  leaseName,
  leasePatch,
  leasePath,
  newLease,
  readLease,
  type RunLease,
} from './lease-object.ts'
import { outcomeOf, sendPatch } from './send-patch.ts'

/** Of the lock of a run. It is not a fence (clocks, pauses); that is the resourceVersion of every write. */
export const LEASE_SECONDS = 10

/** A lock that this process holds. */
export interface HeldLease {
  readonly current: () => RunLease
  /** Reads it and says whether it is still ours: to be asked between the read of an object and its change. */
  readonly confirm: () => Promise<Result<void, Problem>>
  /** Changes it, with the precondition that it is still ours. */
  change(change: LeaseChange): Promise<Result<void, Problem>>
  /** Deletes it, or leaves it for whoever restores what could not be put back. */
  release(isAllRestored: boolean): Promise<Result<void, Problem>>
  /** Ends the renewing. */
  close(): void
}

export interface LeaseOptions {
  readonly client: ApiClient
  readonly namespace: string
  readonly workload: WorkloadRef
  readonly run: string
  readonly durationSeconds?: number
  /** Told when somebody else has taken the lock, or deleted it. */
  readonly onLost: (problem: Problem) => void
}

const TRIES = 20
const AGAIN_MS = 150

/**
 * Creates the lock of a run and renews it until it is released. A lock that is there already is the problem `target-locked`;
 * who asks has to deal with it first (see find-leftovers).
 */
export async function holdLease(options: LeaseOptions): Promise<Result<HeldLease, Problem>> {
  const created = await create(options)
  if (!created.ok) return created
  let lease = created.value
  let busy: Promise<unknown> = Promise.resolve()
  let isClosed = false
  /** One after another, for each needs the resourceVersion of the one before. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = busy.then(work, work)
    busy = next.catch(() => undefined)
    return next
  }
  const look = async (): Promise<Result<RunLease, Problem>> => {
    const found = await readOwn(options)
    if (found.ok) lease = found.value
    return found
  }
  const change = (wanted: LeaseChange) =>
    inTurn(async () => {
      for (let tries = 1; ; tries++) {
        const path = leasePath(lease.namespace, lease.name)
        const body = leasePatch(lease, wanted)
        const doing = 'writing the lock of the run'
        const written = await sendPatch(options.client, path, { type: 'merge', body }, doing)
        if (written.type === 'applied') {
          lease = readLease(written.object) ?? lease
          return succeed(undefined)
        }
        if (written.type === 'refused') return fail(written.problem)
        const seen = await look()
        if (!seen.ok) return seen
        if (tries >= TRIES) return fail(apiProblem(written.error, doing))
        await pause(AGAIN_MS)
      }
    })
  const durationSeconds = options.durationSeconds ?? LEASE_SECONDS
  const confirm = () => inTurn(async () => asVoid(await look()))
  const renewing = setInterval(
    () =>
      void confirm().then(async (held) => {
        const renewed = held.ok ? await change({}) : held
        if (!renewed.ok && renewed.error.code === 'lock-lost' && !isClosed) {
          clearInterval(renewing)
          options.onLost(renewed.error)
        }
      }),
    (durationSeconds * 1_000) / 4,
  )
  renewing.unref()
  const close = () => {
    isClosed = true
    clearInterval(renewing)
  }
  return succeed({
    current: () => lease,
    confirm,
    change,
    close,
    async release(isAllRestored) {
      close()
      if (!isAllRestored) return change({ holder: '' })
      return inTurn(() => deleteLease(options.client, lease))
    },
  })
}

const asVoid = (result: Result<unknown, Problem>): Result<void, Problem> =>
  result.ok ? succeed(undefined) : result

async function create(options: LeaseOptions): Promise<Result<RunLease, Problem>> {
  const { client, namespace, durationSeconds = LEASE_SECONDS } = options
  const body = newLease({ ...options, durationSeconds })
  for (let tries = 1; ; tries++) {
    const path = leasePath(namespace)
    const created = await client.call({ method: 'POST', path, body })
    const lease = created.ok ? readLease(created.value) : undefined
    if (lease) return succeed(lease)
    if (created.ok) return fail(lost('the lock that was created is not readable'))
    const outcome = outcomeOf(created.error, 'creating the lock of the run')
    if (outcome.type === 'refused') return fail(outcome.problem)
    // Not known, or there is one: if it is ours, an answer was lost.
    const own = await readOwn(options)
    if (own.ok) return own
    if (created.error.status === 409) return fail({ ...own.error, code: 'target-locked' })
    if (tries >= TRIES) return fail(apiProblem(created.error, 'creating the lock of the run'))
    await pause(AGAIN_MS)
  }
}

/** The lock, if it is this run's: `lock-lost` when it is another's or gone. */
async function readOwn(options: LeaseOptions): Promise<Result<RunLease, Problem>> {
  const { client, namespace, workload, run } = options
  const name = leaseName(workload)
  for (let tries = 1; ; tries++) {
    const found = await client.call({ method: 'GET', path: leasePath(namespace, name) })
    if (!found.ok) {
      if (found.error.status === 404) return fail(lost(`the lock ${name} is gone`))
      if (found.error.status === 403 || tries >= TRIES)
        return fail(apiProblem(found.error, 'reading the lock of the run'))
      await pause(AGAIN_MS)
      continue
    }
    const lease = readLease(found.value)
    if (lease?.run === run && lease.holder === run) return succeed(lease)
    return fail(lost(`the lock ${name} is held by ${lease?.holder ?? 'somebody else'}`))
  }
}

const lost = (message: string): Problem => ({
  code: 'lock-lost',
  message: `${message}: another process is putting back, or changing, the same workload`,
})

/** Deletes a lock that nobody has changed since it was read; one that is gone is well. */
export async function deleteLease(
  client: ApiClient,
  lease: RunLease,
): Promise<Result<void, Problem>> {
  const path = leasePath(lease.namespace, lease.name)
  for (let tries = 1; ; tries++) {
    const { uid } = lease
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } }
    const deleted = await client.call({ method: 'DELETE', path, body, isRepeatable: true })
    if (deleted.ok || deleted.error.status === 404) return succeed(undefined)
    // Another one of the same name is not ours to delete.
    if (deleted.error.status === 409) return succeed(undefined)
    if (deleted.error.status === 403 || tries >= TRIES)
      return fail(apiProblem(deleted.error, 'deleting the lock of the run'))
    await pause(AGAIN_MS)
  }
}
