import type { Agent, IncomingMessage } from 'node:http'
import type { UpstreamTry } from '../../ground-truth.ts'
import type { Peer } from '../peer.ts'
import { tryUpstream } from './try-upstream.ts'
import type { BufferedRequest } from './try-upstream.ts'

const MAX_TRIES = 3
const NON_IDEMPOTENT = new Set(['POST', 'LOCK', 'PATCH'])

export type UpstreamAnswer =
  | {
      readonly ok: true
      readonly response: IncomingMessage
      readonly peer: Peer
      readonly reused: boolean
      readonly tries: readonly UpstreamTry[]
    }
  | { readonly ok: false; readonly status: 502 | 503 | 504; readonly tries: readonly UpstreamTry[] }

/**
 * nginx's `proxy_next_upstream error timeout` (k8s-mechanics 3.7): three tries, of which a failure on a kept-alive
 * connection costs none; what is not idempotent is not sent twice.
 */
export async function nextUpstream(
  agent: Agent,
  nextPeer: () => Peer | undefined,
  request: BufferedRequest,
): Promise<UpstreamAnswer> {
  const tries: UpstreamTry[] = []
  let triesLeft = MAX_TRIES
  for (;;) {
    const peer = nextPeer()
    if (!peer) return { ok: false, status: 503, tries }
    const result = await tryUpstream(agent, peer, request)
    if (result.ok) return { ...result, peer, tries }
    const { how, reused, sent } = result
    tries.push({ pod: peer.pod, how, reused })
    if (!reused || how === 'timeout') triesLeft -= 1
    const final = triesLeft === 0 || (sent && NON_IDEMPOTENT.has(request.method))
    if (final || request.signal.aborted) {
      return { ok: false, status: how === 'timeout' ? 504 : 502, tries }
    }
  }
}
