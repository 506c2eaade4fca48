import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { ApiClient, ApiError } from '../api-client.ts'
import { apiProblem } from '../api-problem.ts'
import { corePath } from '../paths.ts'
import { type ObjectRef, pathOfRef, textOfRef } from '../restore/object-ref.ts'
import { asApiObject } from '../restore/restore-record.ts'
import { savedManifest } from '../restore/saved-manifest.ts'
import type { DryRunPart, DryRunStep, SentCall } from './dry-run-step.ts'

const STILL_THERE =
  'answered with AlreadyExists, as it is still there; permission, admission and validation come before that'

/** Sends what saves a workload, deletes it and creates it again, as dry runs. Problems: the API's, of reading it. */
export async function dryRunDelete(
  client: ApiClient,
  ref: Extract<ObjectRef, { namespace: string }>,
  run: string,
): Promise<Result<DryRunStep, Problem>> {
  const doing = `deleting ${textOfRef(ref)}`
  const path = pathOfRef(ref)
  const read = await client.call({ method: 'GET', path })
  if (!read.ok) return fail(apiProblem(read.error, doing))
  const { uid } = asApiObject(read.value).metadata
  const saved = savedManifest(run, ref.namespace, read.value)
  const { manifest } = saved['data'] as { manifest: string }
  const options = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' }
  const calls: readonly SentCall[] = [
    { method: 'POST', path: corePath(ref.namespace, 'configmaps'), body: saved },
    { method: 'DELETE', path, body: { ...options, preconditions: { uid } } },
  ]
  const create: SentCall = {
    method: 'POST',
    path: path.replace(/\/[^/]+$/, ''),
    body: JSON.parse(manifest) as unknown,
  }
  const refusal = await firstError(client, calls)
  const change: DryRunPart = refusal
    ? refused(calls, refusal, doing)
    : { verdict: 'accepted', calls }
  const created = await firstError(client, [create])
  if (created && created.reason !== 'AlreadyExists') {
    const wayBack = refused([create], created, `creating ${textOfRef(ref)} again`)
    return succeed({ change, wayBack, fields: [] })
  }
  const wayBack = {
    verdict: 'accepted',
    calls: [create],
    ...(created && { text: STILL_THERE }),
  } as const
  return succeed({ change, wayBack, fields: [] })
}

async function firstError(
  client: ApiClient,
  calls: readonly SentCall[],
): Promise<ApiError | undefined> {
  for (const call of calls) {
    const answer = await client.call(call)
    if (!answer.ok) return answer.error
  }
  return undefined
}

function refused(calls: readonly SentCall[], error: ApiError, doing: string): DryRunPart {
  const { code, message } = apiProblem(error, doing)
  return { verdict: 'refused', calls, code, text: message }
}
