import { request } from 'node:http'
import type { Random } from '../../../base/random.ts'
import type { Peer } from '../peer.ts'
import type { TargetDefaults } from './profile.ts'

interface Target {
  readonly peer: Peer
  state: 'initial' | 'healthy' | 'unhealthy'
  /** Checks in a row that spoke against the state. */
  against: number
  timer: NodeJS.Timeout | undefined
}

/** The targets of a cloud load balancer, which believes its own checks only. */
export interface TargetGroup {
  /** From now on these are registered; those that are no more drain. */
  register(peers: readonly Peer[]): void
  /** Those of a set that get requests: the healthy; when there are none, the unhealthy, as the balancer fails open. */
  serving(peers: readonly Peer[]): Peer[]
  close(): void
}

export interface TargetGroupOptions {
  readonly settings: TargetDefaults
  readonly random: Random
  /** The health of a target changed. */
  readonly onChange: () => void
  /** A target's deregistration delay is over. */
  readonly onDrained: (peer: Peer) => void
}

/** A new target serves after one good check; after that it takes as many in a row as the thresholds say. */
export function createTargetGroup(options: TargetGroupOptions): TargetGroup {
  const { settings, random, onChange } = options
  const targets = new Map<string, Target>()
  const draining = new Map<string, NodeJS.Timeout>()

  const note = (target: Target, isGood: boolean) => {
    if (isGood === (target.state === 'healthy')) {
      target.against = 0
      return
    }
    target.against += 1
    const threshold = isGood ? settings.healthyThreshold : settings.unhealthyThreshold
    const needed = target.state === 'initial' && isGood ? 1 : threshold
    if (target.against < needed || (target.state === 'unhealthy' && !isGood)) return
    target.state = isGood ? 'healthy' : 'unhealthy'
    target.against = 0
    onChange()
  }
  const check = (target: Target) => {
    target.timer = setTimeout(check, settings.checkIntervalSeconds * 1000, target)
    void checkTarget(target.peer, settings).then((isGood) => {
      if (targets.get(keyOf(target.peer)) === target) note(target, isGood)
    })
  }
  const add = (peer: Peer) => {
    const key = keyOf(peer)
    clearTimeout(draining.get(key))
    draining.delete(key)
    const target: Target = { peer, state: 'initial', against: 0, timer: undefined }
    targets.set(key, target)
    const firstMs = random.between(0, settings.checkIntervalSeconds * 1000)
    target.timer = setTimeout(check, firstMs, target)
  }
  const remove = (key: string, { peer, timer }: Target) => {
    clearTimeout(timer)
    targets.delete(key)
    const delayMs = settings.deregistrationDelaySeconds * 1000
    draining.set(
      key,
      setTimeout(() => {
        draining.delete(key)
        options.onDrained(peer)
      }, delayMs),
    )
  }
  return {
    register: (peers) => {
      const wanted = new Set(peers.map(keyOf))
      for (const [key, target] of targets) if (!wanted.has(key)) remove(key, target)
      for (const peer of peers) if (!targets.has(keyOf(peer))) add(peer)
    },
    serving: (peers) => {
      const inState = (state: Target['state']) =>
        peers.filter((peer) => targets.get(keyOf(peer))?.state === state)
      const healthy = inState('healthy')
      return healthy.length > 0 ? healthy : inState('unhealthy')
    },
    close: () => {
      for (const { timer } of targets.values()) clearTimeout(timer)
      for (const timer of draining.values()) clearTimeout(timer)
    },
  }
}

const keyOf = ({ address, port }: Peer): string => `${address}:${String(port)}`

/** One health check on a connection of its own; good is a 200 in time. */
function checkTarget(peer: Peer, settings: TargetDefaults): Promise<boolean> {
  return new Promise((resolve) => {
    const { address: host, port } = peer
    const outgoing = request({
      host,
      port,
      path: settings.checkPath,
      agent: false,
      headers: { 'user-agent': 'ELB-HealthChecker/2.0' },
      signal: AbortSignal.timeout(settings.checkTimeoutSeconds * 1000),
    })
    outgoing.once('response', (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    outgoing.on('error', () => {
      resolve(false)
    })
    outgoing.end()
  })
}
