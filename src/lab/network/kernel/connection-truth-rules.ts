import { NODE_IP } from '../lab-addresses.ts'
import { BRIDGE } from './set-up-bridge.ts'

/** How a connection of the node through a Service came to harm; each is a set of {@link connectionTruthTables}. */
export const MISHAPS = {
  /** A connection attempt that nobody has answered yet. */
  opened: { how: 'unanswered', requestOpen: true },
  /** The pod answered an attempt with RST. */
  refused: { how: 'refused', requestOpen: true },
  /** No rule took the attempt to a pod. */
  rejected: { how: 'no-endpoints', requestOpen: true },
  /** The pod sent RST: before any answer, after some of it or all, or before any request. */
  'reset-asked': { how: 'reset', requestOpen: true },
  'reset-answered': { how: 'reset', requestOpen: undefined },
  'reset-idle': { how: 'reset', requestOpen: false },
  /** The pod sent FIN: before any answer, or after some of it or all. */
  'ended-asked': { how: 'fin', requestOpen: true },
  'ended-answered': { how: 'fin', requestOpen: undefined },
  /** The client ended it before any answer. */
  left: { how: 'client-left', requestOpen: true },
} as const
export type Mishap = keyof typeof MISHAPS

/** How long the kernel keeps what was not read yet. */
const KEPT_SECONDS = 10
const MOST = 262_144
/** What servers that end each connection after its answer do all the time: with less of it reading stays cheap. */
const ENDED_KEPT_SECONDS = 3
const MOST_ENDED = 8192

/** Longer than from one SYN of an attempt to the next, in the first 20 s of it. */
const ATTEMPT_SECONDS = 10
/** The mark of a SYN that went out before. */
const SENT_AGAIN = 1

/** What a connection's mark says of it. */
const ASKED = 1
const ANSWERED = 2
const ENDED = 4

const set = (name: string): string => {
  const [seconds, most] =
    name === 'ended-answered' ? [ENDED_KEPT_SECONDS, MOST_ENDED] : [KEPT_SECONDS, MOST]
  return `  set ${name} { type ipv4_addr . inet_service; flags dynamic,timeout; timeout ${seconds}s; size ${most}; }`
}

/** A datagram of the node to itself on this port (discard) makes or renews an entry in each set: the sets' clock. */
export const CLOCK_PORT = 9
const tick = (name: string): string => `    update @${name} { ip daddr . udp dport }`

/**
 * A table that lets all packets pass and writes down, by address of the pod or Service and port of the client, which
 * connections came to harm. It stands behind the NAT on the way out and before its undoing on the way back, so that it
 * sees the pod's address. An entry's remaining time, beside that of its set's clock, says when it was made.
 *
 * A port can come to harm twice at the same pod: conntrack sends a new connection where it sent an attempt that nobody
 * answered. Its sequence number tells it from a SYN that goes out again; a table of its own remembers those, since
 * nobody should have to list it.
 */
export const connectionTruthTables = `add table ip podtank-attempts
delete table ip podtank-attempts
table ip podtank-attempts {
  set attempts {
    typeof ip daddr . tcp sport . tcp sequence; flags dynamic,timeout; timeout ${ATTEMPT_SECONDS}s; size ${MOST};
  }
  chain output {
    type filter hook output priority -2;
    tcp flags & (syn | ack) != syn return
    ip daddr . tcp sport . tcp sequence @attempts meta mark set ${SENT_AGAIN}
    update @attempts { ip daddr . tcp sport . tcp sequence }
  }
}
add table ip podtank-truth
delete table ip podtank-truth
table ip podtank-truth {
${Object.keys(MISHAPS).map(set).join('\n')}
  chain to-pod {
    meta mark ${SENT_AGAIN} return
    tcp flags & (syn | ack) == syn update @opened { ip daddr . tcp sport } return
    tcp flags & psh == psh ct mark set ${ASKED}
    tcp flags & (fin | rst) != 0 ct mark ${ASKED} update @left { ip daddr . tcp sport }
    tcp flags & (fin | rst) != 0 ct mark set ${ENDED}
  }
  chain from-pod {
    tcp flags & (syn | rst) != 0 delete @opened { ip saddr . tcp dport }
    tcp flags & rst == rst tcp sequence 0 update @refused { ip saddr . tcp dport } return
    tcp flags & psh == psh ct mark set ${ANSWERED}
    tcp flags & rst == rst ct mark ${ASKED} update @reset-asked { ip saddr . tcp dport } return
    tcp flags & rst == rst ct mark ${ANSWERED} update @reset-answered { ip saddr . tcp dport } return
    tcp flags & rst == rst ct mark 0 update @reset-idle { ip saddr . tcp dport } return
    tcp flags & fin == 0 return
    ct mark ${ASKED} update @ended-asked { ip saddr . tcp dport }
    ct mark ${ANSWERED} update @ended-answered { ip saddr . tcp dport }
    ct mark < ${ENDED} ct mark set ${ENDED}
  }
  chain refuse-output {
    type filter hook output priority -1;
    ct status & dnat != 0 return
    meta mark ${SENT_AGAIN} return
    tcp flags & (syn | ack) != syn return
    ip daddr 198.19.0.0/17 update @rejected { ip daddr . tcp sport }
    ip daddr ${NODE_IP} tcp dport 30000-32767 update @rejected { ip daddr . tcp sport }
  }
  chain clock {
${Object.keys(MISHAPS).map(tick).join('\n')}
  }
  chain watch-output {
    type filter hook output priority 1;
    ip daddr ${NODE_IP} udp dport ${CLOCK_PORT} goto clock
    ct status dnat ct direction original goto to-pod
  }
  chain watch-prerouting {
    type filter hook prerouting priority -150;
    iifname "${BRIDGE}" ip daddr ${NODE_IP} ct status dnat ct direction reply goto from-pod
  }
}
`
