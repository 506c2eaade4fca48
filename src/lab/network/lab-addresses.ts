import { loopbackClusterIps } from '../api/cluster-ips.ts'
import type { ClusterIpRange } from '../api/cluster-ips.ts'
import type { ListenAddress } from './listen-on-first.ts'

/** The addresses of one lab, which depend on its network. */
export interface LabAddresses {
  /** The node's own address; node ports are there. */
  readonly hostIp: string
  /** Cluster IPs are taken from here. */
  readonly clusterIps: ClusterIpRange
  /** Where the proxy of a Service listens. */
  serviceHost(clusterIp: string): string
  /** Where an Ingress may listen, the best first; other labs and other Ingresses may have taken some. */
  ingressAddresses(): Iterable<ListenAddress>
}

const LAST_INGRESS = 40
const HTTP_PORT = 80
const UNPRIVILEGED_PORT = 20_080
const FIRST_SERVICE_BLOCK = 96

/** 127.96.0.0/16 for Services and 127.95.N.0/24 for Ingresses; `labNumber` keeps labs on one machine apart. */
export const loopbackAddresses = (labNumber: number, hostIp: string): LabAddresses => ({
  hostIp,
  clusterIps: loopbackClusterIps,
  serviceHost: (clusterIp) =>
    clusterIp.replace(/^127\.96\./, `127.${String(FIRST_SERVICE_BLOCK + labNumber)}.`),
  *ingressAddresses() {
    for (const port of [HTTP_PORT, UNPRIVILEGED_PORT]) {
      for (let host = 1; host <= LAST_INGRESS; host += 1) {
        yield { host: `127.95.${String(labNumber)}.${String(host)}`, port }
      }
    }
  },
})

/** The bridge's address, where the node is. */
export const NODE_IP = '198.18.0.1'

/** The benchmark range of RFC 2544, which no network routes: 198.19.0.0/17 for Services, the rest for Ingresses. */
export const namespaceAddresses: LabAddresses = {
  hostIp: NODE_IP,
  clusterIps: { cidr: '198.19.0.0/17', prefix: '198.19.', last: 0x7fff },
  serviceHost: (clusterIp) => clusterIp,
  *ingressAddresses() {
    for (let host = 1; host <= LAST_INGRESS; host += 1) {
      yield { host: `198.19.128.${String(host)}`, port: HTTP_PORT }
    }
  },
}
