import { writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { NODE_IP } from '../lab-addresses.ts'
import { runTool } from './run-tool.ts'

/** The bridge that all pods are on. */
export const BRIDGE = 'podtank0'

/**
 * Without one of its own a bridge takes the lowest of its ports', and another when that port goes: pods that still know
 * the old one then send their answers to nobody. Made of the address, as the CNI bridge plugin makes it.
 */
const BRIDGE_MAC = '0a:58:c6:12:00:01'

/** Takes what an earlier lab left of it along. */
const LINKS = `link set lo up
link del ${BRIDGE}
link add ${BRIDGE} address ${BRIDGE_MAC} type bridge
addr add ${NODE_IP}/16 dev ${BRIDGE}
link set ${BRIDGE} up
`

/** A Service is routed to the bridge, for nft to turn; where a proxy listens, the address is the node's own. */
const ROUTES = {
  kernel: `route replace 198.19.0.0/17 dev ${BRIDGE} src ${NODE_IP}
route replace local 198.19.128.0/17 dev lo
`,
  namespaces: 'route replace local 198.19.0.0/16 dev lo\n',
}

/**
 * From pod to pod by the node, and no hints to go around it. Where the bridge's own packets go through the rules, a pod
 * cannot reach itself through a Service: the bridge would send them back by the port they came from. Connections in
 * TIME_WAIT leave the table of connections early, since load without keep-alive makes thousands a second.
 */
const SETTINGS: readonly (readonly [string, string, 'needed' | 'welcome'])[] = [
  ['net/ipv4/ip_forward', '1', 'needed'],
  ['net/ipv4/conf/all/send_redirects', '0', 'needed'],
  [`net/ipv4/conf/${BRIDGE}/send_redirects`, '0', 'needed'],
  ['net/bridge/bridge-nf-call-iptables', '0', 'welcome'],
  ['net/netfilter/nf_conntrack_tcp_timeout_time_wait', '10', 'welcome'],
]

/**
 * Makes the node's side of the pods' network in this process's network namespace, which must be the lab's own; gives why
 * not, or undefined.
 */
export async function setUpBridge(form: 'kernel' | 'namespaces'): Promise<string | undefined> {
  const foreign = Object.keys(networkInterfaces()).filter(
    (name) => name !== 'lo' && name !== BRIDGE && !name.startsWith('pod'),
  )
  if (foreign.length > 0) return `this is not a network namespace of its own: ${foreign.join(', ')}`
  // Without -force the first missing link would end the batch; whether it worked shows in the routes.
  await runTool(['ip', '-force', '-batch', '-'], LINKS)
  const failure = await runTool(['ip', '-batch', '-'], ROUTES[form])
  if (failure !== undefined) return failure
  for (const [path, value, need] of SETTINGS) {
    try {
      writeFileSync(`/proc/sys/${path}`, value)
    } catch (error) {
      if (need === 'needed') return error instanceof Error ? error.message : String(error)
    }
  }
  return undefined
}
