import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Pod } from '../../../src/lab/api/kinds/pod.ts'
import { networkFiles } from '../../../src/lab/kubelet/volumes/network-files.ts'

it('a pod with a network of its own finds its own name, and no look-up waits for a name server', () => {
  const directory = mkdtempSync(join(tmpdir(), 'podtank-network-files-'))
  const metadata = {
    name: 'web-0',
    namespace: 'shop',
    uid: 'u',
    resourceVersion: '',
    creationTimestamp: '',
  }
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { hostname: 'db-0', containers: [] },
    status: {},
  }
  const files = new Map(
    networkFiles(directory, pod, '198.18.0.7').map(({ source, target }) => [
      target,
      readFileSync(source, 'utf8'),
    ]),
  )
  expect(files.get('/etc/hosts')).toMatch(/^# Kubernetes-managed[^]*\n198\.18\.0\.7\tdb-0\n$/)
  // Nothing listens at port 53 of the pod itself, so the kernel refuses at once.
  expect(files.get('/etc/resolv.conf')).toBe(
    'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 127.0.0.1\noptions ndots:5\n',
  )
  rmSync(directory, { recursive: true })
})
