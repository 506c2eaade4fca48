import { describe, expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { createStore } from '../../../src/lab/api/memory-store.ts'
import { nftRules } from '../../../src/lab/network/kernel/nft-rules.ts'
import { serviceRules } from '../../../src/lab/network/kernel/service-rules.ts'
import { namespaceAddresses } from '../../../src/lab/network/lab-addresses.ts'

const metadata = (name: string) => ({ name, uid: '', resourceVersion: '', creationTimestamp: '' })

interface TestEndpoint {
  readonly ip: string
  readonly ready?: boolean
  readonly serving?: boolean
  readonly terminating?: boolean
  readonly nodeName?: string
}

/** The rules of one Service with these endpoints, without the lines that empty what was there. */
function rulesOf(spec: object, endpoints: readonly TestEndpoint[]): string[] {
  const store = createStore({ random: random(1), clusterIps: namespaceAddresses.clusterIps })
  const created = store.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata('web'),
    spec: { ports: [{ port: 80, targetPort: 8080 }], ...spec },
  })
  if (!created.ok) throw new Error(created.error.message)
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata('web-1'), labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints: endpoints.map(
      ({ ip, nodeName, ready = true, serving = ready, terminating = false }) => ({
        addresses: [ip],
        conditions: { ready, serving, terminating },
        ...(nodeName === undefined ? {} : { nodeName }),
      }),
    ),
  }
  if (!store.create('endpointslices', slice).ok) throw new Error('no slice')
  return nftRules(serviceRules(store))
    .split('\n')
    .filter((line) => line.startsWith('add '))
}

const REJECTED =
  'add rule ip podtank no-endpoints ip daddr 198.19.0.1 tcp dport 80 reject with icmp port-unreachable'
const to = (choice: string) =>
  `add rule ip podtank services ip daddr 198.19.0.1 tcp dport 80 dnat ip to numgen random ${choice}`

describe('the rules of a Service', () => {
  it('give each ready endpoint the same chance, and let a pod reach itself', () => {
    expect(
      rulesOf({}, [{ ip: '198.18.0.2' }, { ip: '198.18.0.3' }, { ip: '198.18.0.4', ready: false }]),
    ).toEqual([
      'add element ip podtank hairpin { 198.18.0.2 . 198.18.0.2, 198.18.0.3 . 198.18.0.3 }',
      to('mod 2 map { 0 : 198.18.0.2 . 8080, 1 : 198.18.0.3 . 8080 }'),
    ])
  })

  it('fall back to endpoints that end but still serve, and to no others', () => {
    const endings = { ready: false, terminating: true }
    const rules = rulesOf({}, [
      { ip: '198.18.0.2', ...endings, serving: true },
      { ip: '198.18.0.3', ...endings, serving: false },
    ])
    expect(rules).toContain(to('mod 1 map { 0 : 198.18.0.2 . 8080 }'))
  })

  it('keep a client at its endpoint for sessionAffinity ClientIP, and choose among all for a new one', () => {
    const affinity = {
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
    }
    const rules = rulesOf(affinity, [{ ip: '198.18.0.2' }, { ip: '198.18.0.3' }])
    const toPeer = (condition: string, last: number) =>
      `add rule ip podtank services ip daddr 198.19.0.1 tcp dport 80 ${condition}update @affinity-198.19.0.1-80-198.18.0.${last}-8080 { ip saddr timeout 60s } dnat ip to 198.18.0.${last}:8080`
    expect(rules.slice(3)).toEqual([
      toPeer('ip saddr @affinity-198.19.0.1-80-198.18.0.2-8080 ', 2),
      toPeer('ip saddr @affinity-198.19.0.1-80-198.18.0.3-8080 ', 3),
      toPeer('numgen random mod 2 == 0 ', 2),
      toPeer('', 3),
    ])
  })

  it('reject without endpoints, whatever the policy', () => {
    expect(rulesOf({}, [])).toEqual([REJECTED])
    expect(rulesOf({ internalTrafficPolicy: 'Local' }, [])).toEqual([REJECTED])
  })

  it('drop for a local policy whose endpoints are all on no node of ours', () => {
    const elsewhere = [{ ip: '198.18.0.2' }]
    expect(rulesOf({ internalTrafficPolicy: 'Local' }, elsewhere)).toContain(
      'add rule ip podtank no-endpoints ip daddr 198.19.0.1 tcp dport 80 drop',
    )
    const here = [{ ip: '198.18.0.2', nodeName: 'lab-node-1' }]
    expect(rulesOf({ internalTrafficPolicy: 'Local' }, here)).toContain(
      to('mod 1 map { 0 : 198.18.0.2 . 8080 }'),
    )
  })

  it('give a node port the external policy, and the cluster IP the internal one', () => {
    const rules = rulesOf({ type: 'NodePort', externalTrafficPolicy: 'Local' }, [
      { ip: '198.18.0.2' },
    ])
    expect(rules.slice(1)).toEqual([
      to('mod 1 map { 0 : 198.18.0.2 . 8080 }'),
      'add rule ip podtank no-endpoints ip daddr 198.18.0.1 tcp dport 30000 drop',
    ])
  })

  it('leave headless and external Services alone', () => {
    expect(rulesOf({ clusterIP: 'None' }, [{ ip: '198.18.0.2' }])).toEqual([])
    expect(rulesOf({ type: 'ExternalName', externalName: 'example.com' }, [])).toEqual([])
  })
})

describe('a node port', () => {
  const nodePortOf = (nodePort: number) => () =>
    rulesOf({ type: 'NodePort', ports: [{ port: 80, nodePort }] }, [])

  it('is the one that was asked for', () => {
    expect(nodePortOf(31_234)().join('\n')).toContain('198.18.0.1 tcp dport 31234')
  })

  it('is refused outside of the range', () => {
    expect(nodePortOf(8080)).toThrow(
      'not in the valid range. The range of valid ports is 30000-32767',
    )
  })
})
