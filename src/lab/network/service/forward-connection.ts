import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { monotonicUs } from '../../../base/clock.ts'
import type { CutTruth } from '../../ground-truth.ts'
import type { Peer } from '../peer.ts'
import { createAnswerTracker } from './answer-tracker.ts'

/** How a client's connection was ended by its pod. */
export type Cut = Omit<CutTruth, 'type' | 'where'>

/**
 * Carries bytes between a client and one pod: FIN as FIN, RST as RST, each direction for itself. A pod that
 * refuses makes a reset, since the client is connected already. `onCut` is told at most once.
 */
export function forwardConnection(client: Socket, peer: Peer, onCut: (cut: Cut) => void): void {
  const openedAtUs = monotonicUs()
  const clientPort = client.remotePort ?? 0
  const tracker = createAnswerTracker()
  const pod = connect({ host: peer.address, port: peer.port, allowHalfOpen: true, noDelay: true })
  let connected = false
  let clientEnded = false
  let cut = false

  const noteCut = (how: Cut['how']) => {
    if (cut || clientEnded) return
    cut = true
    onCut({ clientPort, pod: peer.pod, how, requestOpen: tracker.open, openedAtUs })
  }
  pipe(client, pod, (chunk) => {
    tracker.clientSent(chunk)
  })
  pipe(pod, client, (chunk) => {
    tracker.upstreamSent(chunk)
  })
  const noteLeaving = () => {
    if (tracker.open) noteCut('client-left')
    clientEnded = true
  }
  client.on('end', noteLeaving)
  pod.once('connect', () => {
    connected = true
  })
  pod.once('end', () => {
    noteCut('fin')
  })
  pod.on('error', () => {
    noteCut(connected ? 'reset' : 'refused')
    client.resetAndDestroy()
  })
  client.on('error', () => {
    noteLeaving()
    pod.resetAndDestroy()
  })
}

function pipe(from: Socket, to: Socket, onChunk: (chunk: Buffer) => void): void {
  from.on('data', (chunk: Buffer) => {
    onChunk(chunk)
    if (!to.write(chunk)) from.pause()
  })
  to.on('drain', () => from.resume())
  from.once('end', () => to.end())
  from.once('close', () => {
    if (!from.readableEnded) to.destroy()
  })
}
