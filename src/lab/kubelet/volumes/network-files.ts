import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pod } from '../../api/kinds/pod.ts'
import type { Mount } from './plan-mounts.ts'

/** The names that the kubelet puts into every pod's /etc/hosts. */
const HOSTS = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
`

/**
 * `/etc/hosts` and `/etc/resolv.conf` of a pod with a network of its own. The lab has no DNS: the name server is an
 * address where nobody listens, so that a look-up fails at once, not after the five seconds that the machine's own
 * name server, which is out of reach there, would take. None on a full disk, where a pod should start all the same.
 */
export function networkFiles(
  podDirectory: string,
  { metadata, spec }: Pod,
  podIp: string,
): Mount[] {
  const { namespace = 'default', name } = metadata
  const own = join(podDirectory, 'own')
  const [hosts, resolver] = [join(own, '.hosts'), join(own, '.resolv.conf')]
  try {
    mkdirSync(own, { recursive: true })
    writeFileSync(hosts, `${HOSTS}${podIp}\t${spec.hostname ?? name}\n`)
    writeFileSync(
      resolver,
      `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\n` +
        'nameserver 127.0.0.1\noptions ndots:5\n',
    )
  } catch {
    return []
  }
  return [
    { source: hosts, target: '/etc/hosts' },
    { source: resolver, target: '/etc/resolv.conf' },
  ]
}
