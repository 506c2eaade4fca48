import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ingress } from '../../../src/lab/api/kinds/ingress.ts'
import type { IngressClass } from '../../../src/lab/api/kinds/ingress-class.ts'
import { createStore } from '../../../src/lab/api/memory-store.ts'
import type { KubeObject, Store } from '../../../src/lab/api/store.ts'
import { random } from '../../../src/base/random.ts'
import { openGroundTruth } from '../../../src/lab/ground-truth.ts'
import { startIngresses } from '../../../src/lab/network/ingress/start-ingresses.ts'
import { findProgram } from '../../../src/lab/apps/find-program.ts'
import { loopbackAddresses } from '../../../src/lab/network/lab-addresses.ts'
import { until } from '../kubelet/test-node.ts'
import { send } from './test-network.ts'

let store: Store
let stop: () => void
beforeEach(() => {
  store = createStore({ random: random(1) })
  const addresses = loopbackAddresses(98, '127.0.0.1')
  const truth = openGroundTruth(undefined)
  stop = startIngresses({
    store,
    random: random(2),
    truth,
    network: 'loopback',
    addresses,
    directory: tmpdir(),
  })
})
afterEach(() => {
  stop()
})

const metadata = (name: string, annotations: Record<string, string>) => ({
  name,
  annotations,
  uid: '',
  resourceVersion: '',
  creationTimestamp: '',
})

function createIngress(
  name: string,
  className: string | undefined,
  annotations: Record<string, string> = {},
): void {
  const ingressClass = className === undefined ? {} : { ingressClassName: className }
  store.create('ingresses', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadata(name, annotations),
    spec: { ...ingressClass, defaultBackend: { service: { name: 'none', port: { number: 80 } } } },
  })
}

const addressOf = (name: string) =>
  store.get<Ingress>('ingresses', 'default', name)?.status?.loadBalancer?.ingress?.[0]

/** What the Ingress says when it has no pods: each proxy has its own words. */
async function wordsOf(name: string, withoutPods = 503): Promise<string> {
  await until(`${name} has an address`, () => addressOf(name) !== undefined)
  const { ip = '', ports = [] } = addressOf(name) ?? {}
  const [{ port }] = ports as [{ port: number }]
  let body = ''
  // Until the first sync no route is known.
  await until('the route is known', async () => {
    const outcome = await send({ host: ip, port }, 'GET')
    ;({ body } = outcome)
    return outcome.status === withoutPods
  })
  return body
}

const warnings = () =>
  store
    .list<KubeObject & { reason: string; message: string }>('events')
    .filter(({ reason }) => reason === 'NotServed')
    .map(({ message }) => message)

/** Only where its binary is. */
const real = findProgram(['nginx']) === undefined ? [] : ['real-nginx']

describe('the class of an Ingress', { timeout: 20_000 }, () => {
  it('is one of those that the lab has, ingress-nginx by default', () => {
    const classes = store.list<IngressClass>('ingressclasses')
    expect(classes.map(({ metadata: { name } }) => name).sort()).toEqual([
      'alb',
      'envoy',
      'haproxy',
      'nginx',
      ...real,
      'traefik',
    ])
    const isDefault = 'ingressclass.kubernetes.io/is-default-class'
    const defaults = classes.filter((one) => one.metadata.annotations?.[isDefault] === 'true')
    expect(defaults.map(({ metadata: { name } }) => name)).toEqual(['nginx'])
  })

  it('says which proxy serves it; an annotation of the lab goes before it', async () => {
    createIngress('none', undefined)
    createIngress('envoy', 'envoy')
    createIngress('annotated', 'nginx', { 'podtank.lab/ingress-profile': 'traefik' })
    expect(await wordsOf('envoy')).toBe('no healthy upstream')
    expect(await wordsOf('annotated', 404)).toBe('404 page not found\n')
    expect(await wordsOf('none')).toContain('<center>nginx</center>')
  })

  it('may be made by the user for a controller of the lab', async () => {
    createIngress('own', 'internal')
    expect(warnings()[0]).toContain('there is no IngressClass "internal"')
    store.create('ingressclasses', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: metadata('internal', {}),
      spec: { controller: 'projectcontour.io/ingress-controller' },
    })
    expect(await wordsOf('own')).toBe('no healthy upstream')
  })

  it('that no controller serves leaves the Ingress without an address, and an event says so', () => {
    createIngress('lost', 'kong')
    expect(warnings()).toEqual([
      'Nobody serves this Ingress: there is no IngressClass "kong"; there are ' +
        ['nginx', 'traefik', 'haproxy', 'envoy', 'alb', ...real].join(', '),
    ])
    expect(addressOf('lost')).toBeUndefined()
  })
})
