import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { UpstreamTry } from '../../ground-truth.ts'
import type { Peer } from '../peer.ts'
import type { ProxyFault, RetryRule } from './profile.ts'
import { tryUpstream } from './try-upstream.ts'
import type { BufferedRequest, Upstream } from './try-upstream.ts'

export type UpstreamAnswer =
  | {
      readonly ok: true
      readonly response: IncomingMessage
      readonly peer: Peer
      readonly reused: boolean
      readonly tries: readonly UpstreamTry[]
    }
  | { readonly ok: false; readonly fault: ProxyFault; readonly tries: readonly UpstreamTry[] }

/** Tries pod after pod until one answers, as far as a profile's rule goes. */
export async function nextUpstream(
  upstream: Upstream,
  rule: RetryRule,
  nextPeer: () => Peer | undefined,
  request: BufferedRequest,
): Promise<UpstreamAnswer> {
  const tries: UpstreamTry[] = []
  let triesLeft = rule.tries
  let peer = nextPeer()
  for (;;) {
    if (!peer) return { ok: false, fault: 'no-endpoints', tries }
    const { pod } = peer
    const result = await tryUpstream(upstream, peer, request)
    if (result.ok) return { ...result, peer, tries }
    const { how, reused, sent } = result
    tries.push({ pod, how, reused })
    if (!reused || how === 'timeout') triesLeft -= 1
    const again = triesLeft > 0 && rule.again({ pod, how, reused, sent }, request.method)
    if (!again || how === 'cut-body' || request.signal.aborted) {
      return { ok: false, fault: how === 'cut-body' ? 'closed' : how, tries }
    }
    if (rule.pauseMs > 0) await sleep(rule.pauseMs)
    if (!rule.samePeer) peer = nextPeer()
  }
}
