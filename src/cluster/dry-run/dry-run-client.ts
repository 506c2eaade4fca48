import type { JsonObject } from '../../scenario/scenario.ts'
import type { ApiCall, ApiClient, ApiError } from '../api-client.ts'

/** A write that was sent as a dry run, as a run would send it, and why it was refused. */
export interface DryCall {
  readonly call: ApiCall
  /** Absent: accepted. */
  readonly error?: ApiError
}

/**
 * The same client, of which no write takes effect: each is sent with `dryRun=All`, so that the API server carries it out
 * with authorisation, admission and validation, and stores nothing.
 */
export function dryRunClient(
  client: ApiClient,
  onWrite: (write: DryCall) => void = () => undefined,
): ApiClient {
  return {
    server: client.server,
    async call(call) {
      if (call.method === 'GET') return client.call(call)
      const answer = await client.call(asDryRun(call))
      onWrite({ call, ...(!answer.ok && { error: answer.error }) })
      return answer
    },
    open: (call, signal) =>
      call.method === 'GET'
        ? client.open(call, signal)
        : Promise.reject(new Error(`a ${call.method} was to be streamed in a dry run`)),
  }
}

/** A DELETE and an eviction have it in their options too, where the server looks first when there is a body. */
function asDryRun(call: ApiCall): ApiCall {
  const query = { ...call.query, dryRun: 'All' }
  const body = call.body as JsonObject | undefined
  if (call.method === 'DELETE') {
    const options = body ?? { apiVersion: 'v1', kind: 'DeleteOptions' }
    return { ...call, query, body: { ...options, dryRun: ['All'] } }
  }
  if (!call.path.endsWith('/eviction')) return { ...call, query }
  const deleteOptions = { ...(body?.['deleteOptions'] as JsonObject), dryRun: ['All'] }
  return { ...call, query, body: { ...body, deleteOptions } }
}
