import type { Problem } from '../base/problem.ts'
import { formatDurationUs, humanCount } from '../base/units.ts'
import type { LoadSpec } from '../scenario/scenario.ts'
import { readFdLimit } from './host/fd-limit.ts'
import { mostDue } from './host/most-due.ts'
import type { PortSupply } from './host/port-supply.ts'
import { portSupply, readProc } from './host/read-proc.ts'

/** What this machine allows; what cannot be read is absent. */
export interface HostLimits {
  /** File descriptors of this process; Infinity: unlimited. */
  readonly fdLimit?: number
  /** Local ports towards the load's address. */
  readonly ports?: PortSupply
}

/** What a load would meet on this machine: refused, it could not be carried out; warned, it might not. */
export interface LimitFindings {
  readonly refused: readonly Problem[]
  readonly warned: readonly Problem[]
}

/** Shares of the ports (reliability-security 3 and 4.2). */
const WARNED_SHARE = 0.6
const REFUSED_SHARE = 0.9

/** For everything but connections: the recording, the event loops, the kubeconfig's server. */
const OTHER_FDS = 64

/** Reads the limits that hold for connections from here to an IP address. */
export async function readLimits(host: string): Promise<HostLimits> {
  const [limits, ports] = await Promise.all([readProc('self/limits'), portSupply(host)])
  const fdLimit = limits === undefined ? undefined : readFdLimit(limits)
  return { ...(fdLimit !== undefined && { fdLimit }), ...(ports && { ports }) }
}

/** Holds a load against the limits of its machine before it starts, for the worst that the other side can do; pure. */
export function checkLimits(load: LoadSpec, limits: HostLimits): LimitFindings {
  const descriptors = tooFewDescriptors(load, limits)
  const ports = tooFewPorts(load, limits)
  return {
    refused: [...(descriptors ? [descriptors] : []), ...(ports?.isRefused ? [ports.problem] : [])],
    warned: ports && !ports.isRefused ? [ports.problem] : [],
  }
}

/** A server that answers nothing leaves every request open until its time is over. */
function tooFewDescriptors(load: LoadSpec, { fdLimit }: HostLimits): Problem | undefined {
  if (fdLimit === undefined) return undefined
  const atOnce = load.users
    ? Math.max(0, ...load.users.flatMap(({ fromUsers, toUsers }) => [fromUsers, toUsers]))
    : Math.round(mostDue(load.schedule, load.timeoutUs))
  const connections = Math.min(load.maxConnections, atOnce)
  const needed = connections + OTHER_FDS
  if (needed < fdLimit) return undefined
  return {
    code: 'too-few-descriptors',
    message: `up to ${humanCount(connections)} connections may be open at once, and this process may have ${humanCount(fdLimit)} file descriptors`,
    hint: `ulimit -n ${needed + 1}, or a lower maxConnections, rate or timeout`,
  }
}

/**
 * Who closes a connection first keeps its port in TIME_WAIT. With `Connection: close` that is mostly the server, but
 * it is a race (docs/validity.md has figures), so every connection is counted as ours. In the closed loop nobody
 * knows the rate before.
 */
function tooFewPorts(
  load: LoadSpec,
  { ports }: HostLimits,
): { readonly problem: Problem; readonly isRefused: boolean } | undefined {
  if (!ports || load.users) return undefined
  const taken = Math.round(mostDue(load.schedule, ports.heldUs) * newShareOf(load))
  if (taken <= ports.count * WARNED_SHARE) return undefined
  return {
    isRefused: taken > ports.count * REFUSED_SHARE,
    problem: {
      code: 'too-few-ports',
      message: `up to ${humanCount(taken)} new connections in ${formatDurationUs(ports.heldUs)}, for which a closed one may keep its port, and there are ${humanCount(ports.count)} local ports`,
      hint: 'a lower rate, connections: reuse, a wider net.ipv4.ip_local_port_range, or net.ipv4.tcp_tw_reuse=1',
    },
  }
}

/** Which share of the requests opens a connection, as far as it is up to us. */
function newShareOf({ connections, maxRequestsPerConnection = Infinity }: LoadSpec): number {
  const ofReused = 1 / maxRequestsPerConnection
  if (connections === 'both') return (1 + ofReused) / 2
  return connections === 'new' ? 1 : ofReused
}
