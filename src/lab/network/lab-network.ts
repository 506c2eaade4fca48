/**
 * How the lab's network is made. `kernel`: pods have network namespaces, a Service is kernel NAT. `namespaces`: a Service
 * is a TCP proxy on its cluster IP instead. `loopback`: pods have loopback addresses and no namespaces of their own.
 */
export type LabNetwork = 'kernel' | 'namespaces' | 'loopback'
